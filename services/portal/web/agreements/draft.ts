import type { Agreement, Ratio } from '../api/answers.ts';
import { basisPointsOf, decimalOf, percentOf, wholeOf } from '../kit/written.ts';

/** A sharing agreement as it is written in a form: text, until the ledger has judged it. */
export interface AgreementDraft {
  readonly id: string;
  readonly version: string;
  readonly source: string;
  readonly level: string;
  readonly scopeId: string;
  /** YYYY-MM-DD in Jakarta; `until` is the first day on which it is no longer in force, or empty. */
  readonly from: string;
  readonly until: string;
  readonly basis: string;
  readonly sale: readonly StepDraft[];
  /** None: all is wages. */
  readonly maker: readonly StepDraft[];
  /** Percent of a release. */
  readonly recovery: string;
  readonly floor: string;
  /** Of the definition, what the form does not show. */
  readonly kept: Kept;
}

export interface StepDraft {
  /** Of the form, as ids are being typed. */
  readonly key: string;
  readonly id: string;
  readonly take: 'rest' | 'rate' | 'fixed' | 'perUnit' | 'bands';
  /** Percent or rupiah. */
  readonly amount: string;
  readonly to: readonly ShareDraft[];
  /** Limits, bands and the like. */
  readonly kept: Readonly<Record<string, unknown>>;
}

export interface ShareDraft {
  readonly to: string;
  /** Percent of the step; not read of a share that has it all. */
  readonly rate: string;
}

interface Kept {
  readonly definition: Readonly<Record<string, unknown>>;
  readonly sale: Readonly<Record<string, unknown>>;
  readonly maker: Readonly<Record<string, unknown>>;
}

type Rate = { readonly bp: number } | Ratio;
type Share = { readonly to: string; readonly rate: Rate };
type Step = { readonly id: string; readonly take: unknown; readonly to: string | readonly Share[] };
type Level = { readonly steps: readonly Step[] };

let steps = 0;

export function newStep(to: string): StepDraft {
  steps += 1;
  return { key: `step-${steps}`, id: '', take: 'rest', amount: '', to: [{ to, rate: '' }], kept: {} };
}

/** Of one facility, until another place is chosen: half to the makers, as the decree of 1990 has it. */
export function emptyDraft(from: string, facilityId: string): AgreementDraft {
  const rates = { makers: '50', facility: '35', state: '15' };
  const shares = Object.entries(rates).map(([to, rate]) => ({ to, rate }));
  return {
    ...{
      id: '',
      version: '1',
      source: '',
      level: 'facility',
      scopeId: facilityId,
      from,
      until: '',
      basis: 'net-of-costs',
    },
    sale: [{ ...newStep('makers'), id: 'shares', to: shares }],
    ...{ maker: [], recovery: '50', floor: '', kept: { definition: {}, sale: {}, maker: {} } },
  };
}

/** The next version of one that there is. */
export function nextOf({ id, scope, definition }: Agreement, version: number, from: string): AgreementDraft {
  const { source, basis, sale, maker, recovery, floor, ...more } = definition as {
    readonly [member: string]: unknown;
    readonly source?: string;
    readonly basis: string;
    readonly sale: Level;
    readonly maker?: Level;
    readonly recovery: Rate;
    readonly floor?: { readonly amount: number };
  };
  const withoutSteps = ({ steps: _, ...rest }: Partial<Level> = {}) => rest;
  return {
    ...{ id, version: String(version), source: source ?? '', level: scope.level, scopeId: scope.id ?? '' },
    ...{ from, until: '', basis, recovery: rateWritten(recovery), floor: floor ? String(floor.amount) : '' },
    sale: sale.steps.map(stepDraft),
    maker: maker?.steps.map(stepDraft) ?? [],
    kept: { definition: more, sale: withoutSteps(sale), maker: withoutSteps(maker) },
  };
}

function stepDraft({ id, take, to, ...kept }: Step): StepDraft {
  const shares =
    typeof to === 'string' ? [{ to, rate: '' }] : to.map((share) => ({ to: share.to, rate: rateWritten(share.rate) }));
  const { rate, fixed, perUnit } = take as { rate?: Rate; fixed?: number; perUnit?: number };
  const step = { ...newStep(''), id, to: shares, kept };
  if (take === 'rest') return step;
  if (rate) return { ...step, take: 'rate', amount: rateWritten(rate) };
  if (fixed !== undefined) return { ...step, take: 'fixed', amount: String(fixed) };
  if (perUnit !== undefined) return { ...step, take: 'perUnit', amount: String(perUnit) };
  return { ...step, take: 'bands', kept: { ...kept, take } };
}

/** As the ledger takes it. What is no number goes as it is, for the ledger to say so at its step. */
export function bodyOf(draft: AgreementDraft) {
  const { id, version, source, level, scopeId, from, until, basis, sale, maker, recovery, floor, kept } = draft;
  return {
    scope: { level, ...(level !== 'national' && scopeId && { id: scopeId }) },
    effectiveFrom: startOf(from),
    ...(until && { effectiveUntil: startOf(until) }),
    definition: {
      ...kept.definition,
      ...{ id, version: wholeOf(version), basis, recovery: rateOf(recovery) },
      ...(source && { source }),
      sale: { ...kept.sale, steps: sale.map(stepOf) },
      ...(maker.length > 0 && { maker: { ...kept.maker, steps: maker.map(stepOf) } }),
      ...(floor && { floor: { amount: wholeOf(floor), per: 'month' } }),
    },
  };
}

function stepOf({ id, take, amount, to, kept }: StepDraft) {
  const takes = { rest: 'rest', rate: { rate: rateOf(amount) }, fixed: { fixed: wholeOf(amount) } } as const;
  const [only, second] = to;
  return {
    id,
    take: take === 'perUnit' ? { perUnit: wholeOf(amount) } : take === 'bands' ? undefined : takes[take],
    to: only && !second ? only.to : to.map((share) => ({ to: share.to, rate: rateOf(share.rate) })),
    ...kept,
  };
}

function startOf(day: string): string {
  return `${day}T00:00:00+07:00`;
}

/** `12,5` are 1,250 basis points, `1/3` is a third. */
export function rateOf(text: string): Ratio | { readonly bp: number | string } {
  const [, num, den] = /^\s*(\d+)\s*\/\s*(\d+)\s*$/.exec(text) ?? [];
  if (num && den) return { num: Number(num), den: Number(den) };
  return { bp: basisPointsOf(text) };
}

function rateWritten(rate: Rate): string {
  return 'bp' in rate ? percentOf(rate.bp) : `${rate.num}/${rate.den}`;
}

/** A sale that there might be, by which a draft is tried. */
export interface Example {
  readonly quantity: string;
  readonly unitPrice: string;
  readonly unitCost: string;
  readonly fees: string;
  readonly shipping: string;
  /** Of each maker, with semicolons between them. */
  readonly hours: string;
}

export function exampleOf({ quantity, unitPrice, unitCost, fees, shipping, hours }: Example) {
  return {
    ...{ quantity: wholeOf(quantity), unitPrice: wholeOf(unitPrice), unitCost: wholeOf(unitCost) },
    ...{ fees: wholeOf(fees), shipping: wholeOf(shipping), tax: 0, measure: 'hours' },
    contributions: hours
      .split(';')
      .map(decimalOf)
      .filter(Boolean)
      .map((weight, index) => ({ makerId: `M-${index + 1}`, weight })),
  };
}
