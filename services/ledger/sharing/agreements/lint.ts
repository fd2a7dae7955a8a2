import { type Sentence, violationsOf } from '#libs/contracts';
import type { Ratio, Rupiah } from '#libs/money';
import { Agreement, type Level, ratioOfRate, type Step } from './agreement.ts';

/** Something in a draft that would make it unclear, unfair or impossible to share by. */
export interface Problem {
  /** Id of the step at fault; absent when it is the agreement as a whole. */
  readonly step?: string;
  readonly message: Sentence;
}

export class AgreementError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ step, message: { en } }) => (step === undefined ? en : `step "${step}": ${en}`)).join('; '));
    this.name = 'AgreementError';
    this.problems = problems;
  }
}

/**
 * Reads a draft agreement.
 * @throws AgreementError with every problem, by step
 */
export function agreementFrom(draft: unknown): Agreement {
  const malformed = shapeProblems(draft);
  if (malformed.length > 0) throw new AgreementError(malformed);
  const agreement = draft as Agreement;
  const problems = lint(agreement);
  if (problems.length > 0) throw new AgreementError(problems);
  return agreement;
}

const violations = violationsOf(Agreement);

function shapeProblems(draft: unknown): Problem[] {
  return violations(draft).map(({ field, message }) => {
    const [, level, index] = /^(sale|maker)\/steps\/(\d+)/.exec(field) ?? [];
    const step = level && (draft as Agreement)[level as 'sale' | 'maker']?.steps[Number(index)]?.id;
    return {
      ...(typeof step === 'string' && { step }),
      message: { en: `${field || 'it'} ${message.en}`, id: `${field || 'isinya'} ${message.id}` },
    };
  });
}

/** What a schema cannot say. */
export function lint(agreement: Agreement): Problem[] {
  const sale = agreement.sale.steps;
  const maker = agreement.maker?.steps ?? [];
  return [
    ...duplicates([...sale, ...maker]),
    ...[agreement.sale, ...(agreement.maker ? [agreement.maker] : [])].flatMap((level) => [
      ...levelProblems(level),
      ...level.steps.flatMap(stepProblems),
    ]),
    ...sale.flatMap(saleStepProblems),
    ...maker.flatMap(makerStepProblems),
    ...(agreement.maker && !sale.some((step) => destinationsOf(step).includes('makers'))
      ? [
          {
            message: {
              en: 'own steps are unreachable: no step of the sale goes to makers',
              id: 'langkah pembuat tidak pernah tercapai: tidak ada langkah penjualan yang memberi kepada pembuat',
            },
          },
        ]
      : []),
  ];
}

function duplicates(steps: readonly Step[]): Problem[] {
  const seen = new Set<string>();
  return steps.flatMap(({ id }) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ step: id, message: { en: 'another step has the same id', id: 'langkah lain memakai id yang sama' } }];
  });
}

/** S1: a level adds up because its last step takes what is left. S2: shares of one amount are one step. */
function levelProblems(level: Level): Problem[] {
  const problems: Problem[] = [];
  const last = level.steps.at(-1);
  const capped = new Set((level.caps ?? []).flatMap(({ steps }) => steps));
  const unlimited = (step: Step) => !isLimited(step) && !capped.has(step.id);
  const takesAll = (step: Step) => unlimited(step) && (step.take === 'rest' || isWholeOfRemaining(step));

  if (last && !(last.take === 'rest' && unlimited(last))) {
    problems.push({
      step: last.id,
      message: {
        en: 'the last step must take the rest, without any limit, or the level does not add up',
        id: 'langkah terakhir harus mengambil sisanya tanpa batas, jika tidak jumlahnya tidak genap',
      },
    });
  }
  const end = level.steps.findIndex(takesAll);
  for (const step of end < 0 ? [] : level.steps.slice(end + 1)) {
    const by = level.steps[end]?.id;
    problems.push({
      step: step.id,
      message: {
        en: `unreachable: step "${by}" takes all that remains`,
        id: `tidak pernah tercapai: langkah "${by}" mengambil semua sisanya`,
      },
    });
  }

  const ofBasis = level.steps.filter((step) => step.of === 'basis' && step.take !== 'rest' && 'rate' in step.take);
  const sum = compareToOne(ofBasis.flatMap(ratesOf));
  const shares = ofBasis.map(({ id }) => `"${id}"`).join(', ');
  const lastShare = ofBasis.at(-1)?.id;
  if (lastShare !== undefined && sum > 0) {
    problems.push({
      step: lastShare,
      message: {
        en: `the percentages of the basis (${shares}) make more than 100 %`,
        id: `persentase dari dasar (${shares}) melebihi 100 %`,
      },
    });
  }
  if (lastShare !== undefined && sum === 0) {
    problems.push({
      step: lastShare,
      message: {
        en: `the percentages of the basis (${shares}) make 100 %: write one step, the rest to a group, so that they are rounded together`,
        id: `persentase dari dasar (${shares}) berjumlah 100 %: tulis satu langkah, sisanya ke kelompok, agar dibulatkan bersama`,
      },
    });
  }

  const ids = new Set(level.steps.map(({ id }) => id));
  for (const cap of level.caps ?? []) {
    for (const id of cap.steps.filter((each) => !ids.has(each))) {
      problems.push({
        step: id,
        message: {
          en: `cap "${cap.id}" names a step that this level does not have`,
          id: `batas "${cap.id}" menyebut langkah yang tidak ada di tingkat ini`,
        },
      });
    }
  }
  return problems;
}

function stepProblems(step: Step): Problem[] {
  const messages: Sentence[] = [];
  const single = typeof step.to === 'string' ? step.to : undefined;
  if (typeof step.to !== 'string') {
    const sum = compareToOne(step.to.map(({ rate }) => ratioOfRate(rate)));
    if (sum !== 0)
      messages.push({
        en: `the shares of the group make ${sum > 0 ? 'more' : 'less'} than 100 %`,
        id: `bagian kelompok ${sum > 0 ? 'melebihi' : 'kurang dari'} 100 %`,
      });
    if (new Set(destinationsOf(step)).size < step.to.length)
      messages.push({ en: 'the group names a destination twice', id: 'kelompok menyebut satu tujuan dua kali' });
  }
  if (step.take !== 'rest' && 'bands' in step.take) {
    const bounds = step.take.bands.map(({ upTo }) => upTo);
    if (bounds.at(-1) !== undefined)
      messages.push({
        en: 'the last band must be open: leave out its upTo',
        id: 'jenjang terakhir harus terbuka: hilangkan upTo-nya',
      });
    if (!ascending(bounds.slice(0, -1)))
      messages.push({
        en: 'the bands must have ascending upTo, all but the last',
        id: 'upTo jenjang harus menaik, kecuali yang terakhir',
      });
  }
  if (ratesOf(step).some((rate) => compareToOne([rate]) > 0))
    messages.push({ en: 'a rate is above 100 %', id: 'ada tarif di atas 100 %' });
  if (step.min !== undefined && step.max !== undefined && step.min > step.max)
    messages.push({ en: 'min is above max', id: 'min di atas max' });
  if (step.per && (step.take === 'rest' || 'perUnit' in step.take)) {
    messages.push({
      en: 'only rates, bands and fixed amounts count over a period',
      id: 'hanya tarif, jenjang, dan jumlah tetap yang dihitung per periode',
    });
  }
  if (step.maxOwed && !single?.startsWith('beneficiary:'))
    messages.push({
      en: 'only to one beneficiary can a balance be owed',
      id: 'hanya kepada satu penerima bisa ada utang',
    });
  if (step.maxPot !== undefined && !/^(wages|savings|beneficiary:.+)$/.test(single ?? '')) {
    messages.push({
      en: 'only wages, savings or one beneficiary can be filled up to a ceiling',
      id: 'hanya upah, tabungan, atau satu penerima yang bisa diisi sampai batas',
    });
  }
  return messages.map((message) => ({ step: step.id, message }));
}

function saleStepProblems(step: Step): Problem[] {
  const messages: Sentence[] = [];
  if (destinationsOf(step).some((to) => to === 'wages' || to === 'savings')) {
    messages.push({
      en: 'wages and savings belong to own steps; the sale gives to makers',
      id: 'upah dan tabungan milik langkah pembuat; penjualan memberi kepada pembuat',
    });
  }
  // P3 asks what a refund took from this very step, and F1 reverses an account's credits as one.
  if (step.per || step.maxPerPeriod)
    messages.push({
      en: 'only own steps can count over a period',
      id: 'hanya langkah pembuat yang bisa dihitung per periode',
    });
  return messages.map((message) => ({ step: step.id, message }));
}

function makerStepProblems(step: Step): Problem[] {
  const messages: Sentence[] = [];
  if (destinationsOf(step).includes('makers'))
    messages.push({ en: 'an own step cannot give to makers', id: 'langkah pembuat tidak bisa memberi kepada pembuat' });
  if (step.take !== 'rest' && 'perUnit' in step.take)
    messages.push({ en: 'only the sale knows units', id: 'hanya penjualan yang mengenal jumlah barang' });
  return messages.map((message) => ({ step: step.id, message }));
}

function ratesOf({ take }: Step): Ratio[] {
  if (take === 'rest') return [];
  if ('rate' in take) return [ratioOfRate(take.rate)];
  return 'bands' in take ? take.bands.map(({ rate }) => ratioOfRate(rate)) : [];
}

function destinationsOf({ to }: Step): string[] {
  return typeof to === 'string' ? [to] : to.map((share) => share.to);
}

function isLimited(step: Step): boolean {
  return [step.max, step.maxPerPeriod, step.maxOwed, step.maxPot].some((limit) => limit !== undefined);
}

function isWholeOfRemaining(step: Step): boolean {
  const percentage = step.take !== 'rest' && 'rate' in step.take && step.of !== 'basis' && !step.per;
  return percentage && compareToOne(ratesOf(step)) >= 0;
}

function ascending(bounds: readonly (Rupiah | undefined)[]): boolean {
  return bounds.every((bound, index) => bound !== undefined && bound > (index === 0 ? 0 : (bounds[index - 1] ?? 0)));
}

/** Sign of (Σ ratios - 1), exactly. */
function compareToOne(ratios: readonly Ratio[]): number {
  const den = ratios.reduce((product, ratio) => product * BigInt(ratio.den), 1n);
  const num = ratios.reduce((sum, ratio) => sum + (BigInt(ratio.num) * den) / BigInt(ratio.den), 0n);
  return num > den ? 1 : num < den ? -1 : 0;
}
