import type { KeyObject } from 'node:crypto';
import type { Transaction } from '#libs/database';
import { lastChange } from '../verification/row-changes.repository.ts';
import { type Checkpoint, checkpoint } from './checkpoint.ts';
import { lastSeal } from './seal.repository.ts';
import { hashOfSeal } from './seal.ts';

/** Where the books stand; within a snapshot. */
export async function checkpointOf(query: Transaction['query'], key: KeyObject): Promise<Checkpoint> {
  const heads = await query<Checkpoint['heads'][number]>(
    `SELECT facility_id AS "facilityId", encode(hash, 'hex') AS hash, number FROM chain_head
      WHERE number > 0 ORDER BY facility_id`,
  );
  const seal = await lastSeal(query);
  const standing = {
    at: new Date().toISOString(),
    changes: (await lastChange(query)) ?? null,
    heads,
    seal: seal ? { date: seal.date, hash: hashOfSeal(seal) } : null,
  };
  return checkpoint(standing, key);
}
