import type { Transaction } from '#libs/database';
import { type ListedKey, nextKey } from './key-list.ts';

type Query = Transaction['query'];

/** The keys that seal, from the first; none: nothing is sealed yet, or all seals are from before keys were listed. */
export function listedKeys(query: Query): Promise<ListedKey[]> {
  return query(
    `SELECT 'pasindo.key.v1' AS format, number, seals_from AS "from", encode(previous, 'hex') AS previous,
            public_key AS "publicKey", signature, handover
       FROM seal_key ORDER BY number`,
  );
}

export async function addKey(query: Query, key: ListedKey): Promise<void> {
  await query(
    `INSERT INTO seal_key (number, seals_from, previous, public_key, signature, handover)
     VALUES ($1, $2, decode($3, 'hex'), $4, $5, $6)`,
    [key.number, key.from, key.previous, key.publicKey, key.signature, key.handover],
  );
}

/** The list, or what seals from before it tell: keys that nobody has signed. */
export async function keysOfBooks(query: Query): Promise<ListedKey[]> {
  const listed = await listedKeys(query);
  if (listed.length > 0) return listed;
  const told = await query<{ from: string; publicKey: string }>(
    `SELECT sealed_on AS "from", public_key AS "publicKey"
       FROM (SELECT sealed_on, public_key, lag(public_key) OVER (ORDER BY sealed_on) AS before FROM seal) AS sealed
      WHERE public_key IS DISTINCT FROM before ORDER BY sealed_on`,
  );
  const keys: ListedKey[] = [];
  for (const key of told) keys.push(nextKey(keys, key));
  return keys;
}
