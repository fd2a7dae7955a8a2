import type { Transaction } from '#libs/database';
import { readInParts } from '../../../../libs/database/cursor.ts';
import { merkleRoot } from '../../books/chain/merkle-tree.ts';
import { dayAfter, type Seal, startOf } from './seal.ts';

type Query = Transaction['query'];

/** A power of two, so the tree over the blocks' roots is the tree over the leaves (merkle-tree.ts). */
const LEAVES_PER_BLOCK = 256;
const HASH_DIGITS = 64;
const LEAVES_PER_READ = 64 * LEAVES_PER_BLOCK;

/** Serialises those who seal. */
const SEALING_LOCK = 7_301_998_203;

const COLUMNS = `'pasindo.seal.v1' AS format, sealed_on AS date, journals, encode(root, 'hex') AS root,
  encode(previous, 'hex') AS previous, public_key AS "publicKey", signature,
  CASE WHEN changes > 0 THEN json_build_object('number', changes, 'hash', encode(changes_hash, 'hex')) END AS changes`;

type Row = Omit<Seal, 'changes'> & { readonly changes: Seal['changes'] | null };

function sealOf({ changes, ...seal }: Row): Seal {
  return { ...seal, ...(changes && { changes }) };
}

/** One seals at a time, until the transaction ends. */
export async function lockSealing(query: Query): Promise<void> {
  await query('SELECT pg_advisory_xact_lock($1)', [SEALING_LOCK]);
}

/**
 * Waits for everybody who is posting now. Who posts later takes the time after it has the lock, so what is recorded
 * before this moment is then there to be read. Call it in a transaction of its own: posting waits for it.
 */
export async function waitForPostings(query: Query): Promise<void> {
  await query('LOCK TABLE chain_head IN EXCLUSIVE MODE');
}

/** Today by the database's clock, which is the one that journals are recorded by; and the first day that has any. */
export async function daysOfBooks(query: Query): Promise<{ today: string; first: string | null }> {
  const [days] = await query<{ today: string; first: string | null }>(
    `SELECT (clock_timestamp() AT TIME ZONE 'Asia/Jakarta')::date AS today,
            (SELECT (min(journal.recorded_at) AT TIME ZONE 'Asia/Jakarta')::date
               FROM chain_head JOIN journal ON journal.facility_id = chain_head.facility_id AND chain_number = 1) AS first`,
  );
  return days as { today: string; first: string | null };
}

export async function lastSeal(query: Query): Promise<Seal | undefined> {
  const [row] = await query<Row>(`SELECT ${COLUMNS} FROM seal ORDER BY sealed_on DESC LIMIT 1`);
  return row && sealOf(row);
}

/** By day, from the oldest. */
export async function sealsAfter(query: Query, date: string | undefined, limit: number): Promise<Seal[]> {
  const rows = await query<Row>(
    `SELECT ${COLUMNS} FROM seal WHERE $1::date IS NULL OR sealed_on > $1 ORDER BY sealed_on LIMIT $2`,
    [date, limit],
  );
  return rows.map(sealOf);
}

export async function sealsOf(query: Query, dates: readonly string[]): Promise<Map<string, Seal>> {
  const rows = await query<Row>(`SELECT ${COLUMNS} FROM seal WHERE sealed_on = ANY ($1)`, [dates]);
  return new Map(rows.map((row) => [row.date, sealOf(row)]));
}

export async function addSeal(query: Query, seal: Seal): Promise<void> {
  await query(
    `INSERT INTO seal (sealed_on, journals, root, previous, public_key, signature, changes, changes_hash)
     VALUES ($1, $2, decode($3, 'hex'), decode($4, 'hex'), $5, $6, $7, decode($8, 'hex'))`,
    [
      seal.date,
      seal.journals,
      seal.root,
      seal.previous,
      seal.publicKey,
      seal.signature,
      seal.changes?.number,
      seal.changes?.hash,
    ],
  );
}

export interface Leaf {
  readonly facilityId: string;
  readonly number: number;
  readonly hash: string;
}

/** The hashes of a day's journals in the order of its tree, in parts; within a transaction. */
export function leavesOf(query: Query, date: string): AsyncGenerator<Leaf[]> {
  return readInParts(
    { query },
    {
      name: 'leaves',
      sql: `
        SELECT facility_id AS "facilityId", chain_number AS number, encode(hash, 'hex') AS hash FROM journal
         WHERE recorded_at >= $1 AND recorded_at < $2
         ORDER BY facility_id, chain_number`,
      parameters: [startOf(date), startOf(dayAfter(date))],
      rowsAtOnce: LEAVES_PER_READ,
    },
  );
}

/** A part of a day's leaves, as it is kept. */
export interface Block {
  readonly facilityId: string;
  readonly number: number;
  readonly root: string;
  readonly hashes: string;
}

/** @param leaves as `leavesOf` yields them: only the last part may end within a block */
export function blocksOf(leaves: readonly Leaf[]): Block[] {
  return Array.from({ length: Math.ceil(leaves.length / LEAVES_PER_BLOCK) }, (_, index) => {
    const part = leaves.slice(index * LEAVES_PER_BLOCK, (index + 1) * LEAVES_PER_BLOCK);
    const { facilityId, number } = part[0] as Leaf;
    const hashes = part.map(({ hash }) => hash);
    return { facilityId, number, root: merkleRoot(hashes), hashes: hashes.join('') };
  });
}

/** @param first number of the first block, from 0 */
export async function addBlocks(query: Query, date: string, first: number, blocks: readonly Block[]): Promise<void> {
  await query(
    `INSERT INTO seal_block (sealed_on, block, facility_id, chain_number, root, hashes)
     SELECT $1, $2 + position - 1, facility, number, decode(root, 'hex'), decode(hashes, 'hex')
       FROM unnest($3::text[], $4::bigint[], $5::text[], $6::text[])
              WITH ORDINALITY AS blocks (facility, number, root, hashes, position)`,
    [
      date,
      first,
      blocks.map(({ facilityId }) => facilityId),
      blocks.map(({ number }) => number),
      blocks.map(({ root }) => root),
      blocks.map(({ hashes }) => hashes),
    ],
  );
}

/** The roots of a day's blocks, in order. */
export async function blockRoots(query: Query, date: string): Promise<string[]> {
  const rows = await query<{ root: string }>(
    `SELECT encode(root, 'hex') AS root FROM seal_block WHERE sealed_on = $1 ORDER BY block`,
    [date],
  );
  return rows.map(({ root }) => root);
}

/** The blocks of a day that hold these journals, with their leaves. */
export async function blocksHolding(
  query: Query,
  date: string,
  journals: readonly Pick<Leaf, 'facilityId' | 'number'>[],
): Promise<{ block: number; leaves: string[] }[]> {
  const rows = await query<{ block: number; hashes: string }>(
    `SELECT block, encode(hashes, 'hex') AS hashes
       FROM seal_block
      WHERE sealed_on = $1 AND block IN (
              SELECT (SELECT max(block) FROM seal_block
                       WHERE sealed_on = $1 AND (facility_id, chain_number) <= (facility, number))
                FROM unnest($2::text[], $3::bigint[]) AS journals (facility, number))`,
    [date, journals.map(({ facilityId }) => facilityId), journals.map(({ number }) => number)],
  );
  return rows.map(({ block, hashes }) => ({ block, leaves: splitHashes(hashes) }));
}

export function splitHashes(hashes: string): string[] {
  return hashes.match(new RegExp(`.{${HASH_DIGITS}}`, 'g')) ?? [];
}

/** Index of the first leaf of a block in the day's tree. */
export function firstLeafOf(block: number): number {
  return block * LEAVES_PER_BLOCK;
}
