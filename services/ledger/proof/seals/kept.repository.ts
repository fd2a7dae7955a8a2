import type { Transaction } from '#libs/database';
import type { Fault } from '../verification/verification.ts';
import type { Kept } from './kept.ts';
import { sealsOf } from './seal.repository.ts';
import { hashOfSeal } from './seal.ts';

/**
 * What was signed and kept elsewhere against the books: each seal, journal and change that a document speaks of must
 * stand at its place.
 * @param isTrusted whose signatures prove something
 */
export async function* keptFaults(
  query: Transaction['query'],
  kept: readonly Kept[],
  isTrusted: (publicKey: string) => boolean,
): AsyncGenerator<Fault> {
  const proving = kept.filter(({ isSigned, publicKey }) => isSigned && isTrusted(publicKey));
  for (const source of new Set(kept.filter((each) => !proving.includes(each)).map(({ source }) => source))) {
    yield { table: 'kept', row: source, says: 'is not signed by a key that is trusted: it proves nothing' };
  }
  const all = <What extends 'seals' | 'journals' | 'changes'>(what: What) =>
    proving.flatMap(({ [what]: places, source }) =>
      (places as Kept[What][number][]).map((place) => ({ ...place, source })),
    );
  const says = ({ hash, source }: { hash: string; source: string }): string =>
    `is not the one that was signed (${hash}, in ${source})`;

  const seals = all('seals');
  const stored = await sealsOf(query, [...new Set(seals.map(({ date }) => date))]);
  for (const signed of seals) {
    const seal = stored.get(signed.date);
    if (!seal || hashOfSeal(seal) !== signed.hash) yield { table: 'seal', row: signed.date, says: says(signed) };
  }
  const journals = all('journals');
  const lost = await query<(typeof journals)[number]>(
    `SELECT facility AS "facilityId", number, signed AS hash, kept.source
       FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[]) AS kept (facility, number, signed, source)
       LEFT JOIN journal ON facility_id = facility AND chain_number = number
      WHERE encode(journal.hash, 'hex') IS DISTINCT FROM signed`,
    (['facilityId', 'number', 'hash', 'source'] as const).map((name) => journals.map((journal) => journal[name])),
  );
  for (const journal of lost) {
    yield { table: 'journal', row: `${journal.facilityId} number ${journal.number}`, says: says(journal) };
  }
  const changes = all('changes');
  const undone = await query<(typeof changes)[number]>(
    `SELECT kept.*
       FROM unnest($1::bigint[], $2::text[], $3::text[]) AS kept (number, hash, source)
       LEFT JOIN row_change USING (number)
      WHERE encode(row_change.hash, 'hex') IS DISTINCT FROM kept.hash`,
    (['number', 'hash', 'source'] as const).map((name) => changes.map((change) => change[name])),
  );
  for (const change of undone) yield { table: 'row_change', row: `${change.number}`, says: says(change) };
}
