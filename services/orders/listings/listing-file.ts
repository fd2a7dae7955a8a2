import { FeeClass, fault, type Judgement, Sku, StoreRef, type Violation } from '#libs/contracts';
import { column, openFile, openTable, optional, sentenceAbout, UnreadableTable, type ValuesOf } from '#libs/tables';
import { ANY_STORE, type Listing } from '../channels/listing.ts';

/** The columns of listings.csv. */
export const listingColumns = {
  store: optional(column(StoreRef, { id: 'toko di kanal; kosong: semua', en: 'store of the channel; blank: any' }, '')),
  channel_sku: column(Sku, { id: 'kode barang di kanal', en: 'what the channel calls the goods' }, 'SHP-88213'),
  sku: column(Sku, { id: 'kode barang kita', en: 'our code of the goods' }, 'TAS-KULIT-01'),
  fee_class: optional(
    column(FeeClass, { id: 'golongan biaya di kanal', en: 'class by which the channel charges its fees' }, 'A'),
  ),
};

type Values = ValuesOf<typeof listingColumns>;

/** What a CSV file says, and what is wrong with it, by row and column: `csv.2.sku`. */
export async function readListings(csv: string): Promise<{ listings: Listing[]; errors: Violation[] }> {
  const listings: Listing[] = [];
  const errors: Violation[] = [];
  try {
    const table = await openTable((await openFile(Buffer.from(csv))).records, listingColumns);
    errors.push(...table.headerFaults.map(({ column, ...found }) => ({ field: `csv.${column}`, ...found })));
    for await (const { number, cells, fault: ofRow } of table.rows) {
      if (ofRow) errors.push({ field: `csv.${number}`, ...ofRow });
      const valueIn = <Name extends keyof Values>(name: Name): Values[Name] | undefined => {
        const cell = cells[name] ?? '';
        const { value, fault: found } = listingColumns[name].read(cell) as Judgement<Values[Name]>;
        if (found) {
          const { code, message } = found;
          errors.push({ field: `csv.${number}.${name}`, code, message: sentenceAbout(cell, message) });
        }
        return value;
      };
      const store = valueIn('store') ?? ANY_STORE;
      const channelSku = valueIn('channel_sku') ?? '';
      const sku = valueIn('sku') ?? '';
      const feeClass = valueIn('fee_class') ?? undefined;
      listings.push({ store, channelSku, sku, ...(feeClass !== undefined && { feeClass }) });
    }
  } catch (error) {
    if (!(error instanceof UnreadableTable)) throw error;
    errors.push({ field: 'csv', ...fault('unreadable', error.sentence.en, error.sentence.id) });
  }
  return { listings, errors };
}
