import { type JournalKind, kindOf } from '../../books/journals/kind.ts';
import { ratioOfWeights } from '../../explanations/entries/derivation.ts';
import { type Language, phrases } from '../../explanations/entries/phrases.ts';
import { decimal } from '../../explanations/entries/sentence.ts';
import type { SalePortion } from '../../sharing/waterfall/sale.ts';
import type { StoryEntry } from './story.repository.ts';

/*
 * A maker's entry in words for whoever reads little: what happened, and his or her part in it. Of others it says how much
 * all did together, and nothing else.
 */

interface Words {
  sold(sku: string, units: number): string;
  refunded(sku: string, units: number): string;
  recorded(sku: string): string;
  part(weight: string, weights: string, measure: string, lotId: string | undefined): string;
  readonly alone: string;
  readonly toSavings: string;
  readonly toGiveBack: string;
  readonly tookBack: string;
  /** By account where they differ. */
  readonly kinds: Readonly<Partial<Record<JournalKind, string | Readonly<Record<string, string>>>>>;
  readonly other: string;
}

const words: Record<Language, Words> = {
  id: {
    sold: (sku, units) => `${sku}, ${units} terjual`,
    refunded: (sku, units) => `${sku}, ${units} dikembalikan pembeli`,
    recorded: (sku) => `${sku}, pekerjaan Anda kini tercatat`,
    part: (weight, weights, measure, lotId) =>
      `Anda ${weight} dari ${weights} ${measure}${lotId === undefined ? '' : ` pada lot ${lotId}`}`,
    alone: 'seluruhnya Anda yang membuat',
    toSavings: 'masuk tabungan Anda',
    toGiveBack: 'uangnya sudah Anda terima, jadi harus dikembalikan',
    tookBack: 'bagian Anda ditarik kembali',
    kinds: {
      release: {
        'wages-pending': 'Uang penjualan sudah masuk: tidak lagi menunggu',
        wages: 'Uang penjualan sudah masuk: bisa dibayarkan kepada Anda',
        receivable: 'Uang penjualan sudah masuk: sebagian dipotong untuk yang harus Anda kembalikan',
      },
      payout: 'Dibayarkan kepada Anda',
      'payout-failed': 'Pembayaran tidak sampai: uang Anda tersedia lagi',
      correction: 'Pembukuan dibetulkan',
      opening: 'Saldo awal',
      'write-off': 'Tidak perlu Anda kembalikan lagi',
      'floor-top-up': 'Ditambah sampai premi bulanan yang dijamin',
      'release-of-savings': {
        savings: 'Tabungan Anda dibuka',
        wages: 'Tabungan Anda dibuka: bisa dibayarkan kepada Anda',
      },
      merge: 'Catatan Anda yang ganda digabung',
    },
    other: 'Perubahan lain',
  },
  en: {
    sold: (sku, units) => `${sku}, ${units} sold`,
    refunded: (sku, units) => `${sku}, ${units} given back by the buyer`,
    recorded: (sku) => `${sku}, your work is recorded now`,
    part: (weight, weights, measure, lotId) =>
      `you ${weight} of ${weights} ${measure}${lotId === undefined ? '' : ` on lot ${lotId}`}`,
    alone: 'you made all of it',
    toSavings: 'into your savings',
    toGiveBack: 'you have had the money, so it has to be given back',
    tookBack: 'your part is taken back',
    kinds: {
      release: {
        'wages-pending': 'The money of the sale came in: no longer waiting',
        wages: 'The money of the sale came in: it can be paid to you',
        receivable: 'The money of the sale came in: some of it goes to what you have to give back',
      },
      payout: 'Paid to you',
      'payout-failed': 'The payment did not arrive: your money is available again',
      correction: 'The books were corrected',
      opening: 'Opening balance',
      'write-off': 'You need not give it back any more',
      'floor-top-up': 'Raised to the guaranteed premi of the month',
      'release-of-savings': {
        savings: 'Your savings were opened',
        wages: 'Your savings were opened: they can be paid to you',
      },
      merge: 'Your two records were made one',
    },
    other: 'Another change',
  },
};

export function plainWords(entry: StoryEntry, makerId: string, language: Language): string {
  const say = words[language];
  const { account, line, lot } = entry;
  const kind = kindOf(entry);
  const sku = line?.sku ?? '';
  const savings = account === 'savings' ? [say.toSavings] : [];
  switch (kind) {
    case 'sale':
      return told(say.sold(sku, line?.quantity ?? 0), [
        ...partsIn(line?.portions ?? [], makerId, language),
        ...savings,
      ]);
    case 'contribution':
      return told(say.recorded(sku), [...partsIn(lot ? [lot] : [], makerId, language), ...savings]);
    case 'refund':
      return told(say.refunded(sku, entry.refunded ?? 0), [account === 'receivable' ? say.toGiveBack : say.tookBack]);
    default: {
      const text = say.kinds[kind] ?? say.other;
      return typeof text === 'string' ? text : (text[account] ?? say.other);
    }
  }
}

function told(what: string, parts: readonly string[]): string {
  return parts.length === 0 ? what : `${what}: ${parts.join(', ')}`;
}

type Made = Pick<SalePortion, 'lotId' | 'measure' | 'contributions'>;

/** What the maker did for each lot, of what all did. */
function partsIn(lots: readonly Made[], makerId: string, language: Language): string[] {
  const say = words[language];
  const own = lots.filter(({ contributions }) => contributions.some((each) => each.makerId === makerId));
  return own.map(({ lotId, measure, contributions }) => {
    const weightOf = ({ weight }: { weight: string }) => (measure === 'equal' ? '1' : weight);
    const weight = contributions.filter((each) => each.makerId === makerId).map(weightOf)[0] ?? '0';
    const { weights } = ratioOfWeights(weight, contributions.map(weightOf));
    if (lots.length === 1 && weight === weights) return say.alone;
    const [part, all] = [decimal(weight, language), decimal(weights, language)];
    return say.part(part, all, phrases[language].measures[measure], own.length > 1 ? lotId : undefined);
  });
}
