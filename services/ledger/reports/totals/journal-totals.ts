import { accountOfCode, totalsOf } from '../../books/accounts/account.ts';
import type { FedJournal, Sold } from '../feed/journal-event.ts';

export const MEASURES = [
  ...([
    'sales',
    'units',
    'sold',
    'refunded',
    'fees',
    'shipping',
    'tax',
    'cost',
    'makers',
    'facility',
    'state',
  ] as const),
  ...(['beneficiaries', 'suspense'] as const),
];

/** Whole rupiah, but `sales` and `units`. */
export type Sums = Record<(typeof MEASURES)[number], number>;

/** What was moved in the books of a facility on a day, of a channel, of goods or of a maker. */
export interface Total extends Sums {
  readonly facilityId: string;
  readonly dimension: 'channel' | 'sku' | 'maker';
  readonly postedOn: string;
  readonly key: string;
}

type Journal = Pick<FedJournal, 'facilityId' | 'postedOn' | 'kind' | 'entries' | 'sold'>;

/** What these journals add to `sales_total`; its verification has another way, the SQL of `sales_of_journals`. */
export function totalsOfJournals(journals: readonly Journal[]): Total[] {
  return added(journals.flatMap((journal) => (journal.sold ? totalsOfSold(journal, journal.sold) : [])));
}

function totalsOfSold({ facilityId, postedOn, kind, entries }: Journal, { sale, ofLine }: Sold): Total[] {
  const isSale = kind === 'sale';
  const of = (dimension: Total['dimension'], key: string, sums: Partial<Sums>): Total => ({
    ...{ facilityId, dimension, postedOn, key, ...NOTHING, ...sums },
  });
  const lines = sale.lines.filter(({ lineRef }) => ofLine === null || lineRef === ofLine);
  const totals = lines.flatMap(({ lineRef, sku, quantity }) => {
    const ofThis = entries.filter((entry) => entry.lineRef === lineRef);
    const gain = -ofThis.reduce((sum, { amount }) => sum + amount, 0);
    const { costRecovery: cost, ...credited } = totalsOf(ofThis);
    const sums = {
      ...{ units: isSale ? quantity : 0, sold: isSale ? gain : 0, refunded: kind === 'refund' ? -gain : 0 },
      ...{ cost, ...credited },
    };
    const makers = ofThis
      .map(({ account, amount }) => ({ owner: accountOfCode(account).owner, amount }))
      .filter(({ owner }) => owner.startsWith(MAKER))
      .map(({ owner, amount }) => of('maker', owner.slice(MAKER.length), { makers: -amount }));
    return [of('channel', sale.channel, sums), of('sku', sku, sums), ...makers];
  });
  return added(totals).map((total) => ({ ...total, sales: isSale ? 1 : 0 }));
}

const MAKER = 'maker:';
const NOTHING = Object.fromEntries(MEASURES.map((measure) => [measure, 0])) as Sums;

function added(totals: readonly Total[]): Total[] {
  const sums = new Map<string, Total>();
  for (const total of totals) {
    const key = JSON.stringify([total.facilityId, total.dimension, total.postedOn, total.key]);
    const sum = sums.get(key);
    if (sum) for (const measure of MEASURES) sum[measure] += total[measure];
    else sums.set(key, { ...total });
  }
  return [...sums.values()];
}
