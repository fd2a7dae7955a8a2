import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Transaction } from '#libs/database';
import { checkpointOf } from '../../services/ledger/proof/seals/checkpoint.repository.ts';
import { addKey, listedKeys } from '../../services/ledger/proof/seals/key-list.repository.ts';
import { nextKey } from '../../services/ledger/proof/seals/key-list.ts';
import { sealsAfter } from '../../services/ledger/proof/seals/seal.repository.ts';
import { publicKeyText } from '../../services/ledger/proof/seals/seal.ts';
import { SealingService } from '../../services/ledger/proof/seals/sealing.service.ts';
import { MakerStatementService } from '../../services/ledger/proof/statements/maker-statement.service.ts';
import { type Books, openBooks } from '../kit/books.ts';
import { isInstalled } from '../kit/programs.ts';
import { newSealKey } from '../kit/seal-key.ts';

/* docs/PROOFS.md says everything that another program needs: verify.py was written from it, and reads our books. */

const directory = mkdtempSync(join(tmpdir(), 'second-reader-'));
const publicKey = join(directory, 'public.pem');
const [oldKey, newKey] = [newSealKey(), newSealKey()].map((pem) => createPrivateKey(pem)) as [KeyObject, KeyObject];
const itWithPython = isInstalled('python3') ? it : it.skip;

/** The statements of the text itself, by the file that each gives. */
const statements = [...readFileSync('docs/PROOFS.md', 'utf8').matchAll(/```sql\n-- (\S+)\n(.*?)```/gs)].map(
  ([, file = '', sql = '']) => [file, sql] as const,
);

let books: Books;
let documents: Record<string, unknown>;
const query: Transaction['query'] = async (sql, parameters) => (await books.intruder.query(sql, parameters)).rows;

beforeAll(async () => {
  books = await openBooks();
  const { database } = books;
  const sealing = new SealingService(database, oldKey);
  const [{ agreement }] = JSON.parse(readFileSync('services/ledger/sharing/golden/g20.json', 'utf8')).runs;
  await database.query(
    `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, status, definition, created_by,
                            approved_by, approved_at)
     VALUES ($1, $2, 'facility', 'F2', '2026-01-01', 'approved', $3, 'p1', 'p2', now())`,
    [agreement.id, agreement.version, agreement],
  );
  await books.setClock('2026-01-05T03:00:00Z');
  // UTF-16 and Unicode do not order these alike, and five parts need more salt than one hash gives.
  const makers = ['M1', '\uff5e', '🎉', 'é', 'm"\\'].map((makerId) => ({ makerId, weight: '1' }));
  await books.sell('1 "é" \\ 🎉', { price: 100_002, makers });
  await books.sell('remembered', { price: 50_000, facilityId: 'F2' });
  await books.sell('free', { price: 0, facilityId: 'f.1' });
  await books.setClock('2026-01-07T03:00:00Z'); // a day without journals between them
  for (let sale = 0; sale < 5; sale += 1) await books.sell(`${sale}`, { price: 70_000, makers });
  await books.refund('remembered', { amount: 20_000, facilityId: 'F2' });
  await books.setClock('2026-01-08T03:00:00Z');
  await sealing.sealDaysThatAreOver();
  const ofOldKey = await new MakerStatementService(database, oldKey).issue('M1', { to: '2026-01-31' });
  const [listed] = await listedKeys((sql, parameters) => database.query(sql, parameters));
  const next = { from: '2026-01-08', publicKey: publicKeyText(createPublicKey(newKey)), own: newKey, old: oldKey };
  await addKey((sql, parameters) => database.query(sql, parameters), nextKey(listed ? [listed] : [], next));
  await books.sell('later', { price: 30_000, makers });
  await books.setClock('2026-01-09T03:00:00Z');
  await new SealingService(database, newKey).sealDaysThatAreOver();
  await books.sell('not sealed yet', { price: 30_000, makers });

  const read: Transaction['query'] = (sql, parameters) => database.query(sql, parameters);
  const service = new MakerStatementService(database, newKey);
  documents = {
    'seals.json': { items: await sealsAfter(read, undefined, 100) },
    'keys.json': { items: await listedKeys(read) },
    'checkpoint.json': await checkpointOf(read, newKey),
    'statement-old.json': ofOldKey,
    'statement.json': await service.issue('M1', { to: '2026-01-31' }),
    'statement-part.json': await service.issue('🎉', { from: '2026-01-06', to: '2026-01-08' }),
  };
  writeFileSync(publicKey, createPublicKey(oldKey).export({ format: 'pem', type: 'spki' }));
});
afterAll(async () => {
  await books.close();
  rmSync(directory, { recursive: true });
});

/** What somebody takes away who follows the text. */
async function taken(name: string): Promise<string> {
  const into = join(directory, name);
  mkdirSync(into);
  await query(`SET LOCAL timezone = 'UTC'`);
  for (const [file, sql] of statements) {
    const rows = await query<Record<string, unknown>>(`SELECT line::text FROM (${sql}) AS lines (line)`);
    writeFileSync(join(into, file), rows.map(({ line }) => `${line}\n`).join(''));
  }
  for (const [file, document] of Object.entries(documents)) writeFileSync(join(into, file), JSON.stringify(document));
  return into;
}

function verify(...directories: string[]) {
  const { status, stdout, stderr } = spawnSync('python3', ['test/proofs/verify.py', publicKey, ...directories], {
    encoding: 'utf8',
  });
  return { status, stderr, lines: stdout.trimEnd().split('\n') };
}

async function undone<T>(work: () => Promise<T>): Promise<T> {
  await books.intruder.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  try {
    return await work();
  } finally {
    await books.intruder.query('ROLLBACK');
  }
}

it('the text says what to take: journals, changes, rows', () => {
  expect(statements.map(([file]) => file)).toEqual(['journals.jsonl', 'changes.jsonl', 'rows.jsonl']);
});

itWithPython('our books, seals, keys and statements are true to another implementation', async () => {
  const into = await undone(() => taken('sound'));
  expect(verify(into)).toEqual({ status: 0, stderr: '', lines: [`${into}: sound`] });
});

itWithPython('and they are not to one who trusts another key', () => {
  writeFileSync(publicKey, createPublicKey(createPrivateKey(newSealKey())).export({ format: 'pem', type: 'spki' }));
  expect(verify(join(directory, 'sound'))).toMatchObject({
    status: 1,
    lines: [expect.stringContaining('not trusted')],
  });
  writeFileSync(publicKey, createPublicKey(oldKey).export({ format: 'pem', type: 'spki' }));
});

itWithPython(
  'it finds a bit that is flipped anywhere',
  () => {
    const sound = join(directory, 'sound');
    const files = readdirSync(sound);
    const flips = fc.sample(fc.record({ file: fc.constantFrom(...files), at: fc.nat(), bit: fc.nat(7) }), {
      numRuns: 120,
      seed: 4711,
    });
    const tampered = flips.map(({ file, at, bit }, index) => {
      const into = join(directory, `flip-${index}`);
      mkdirSync(into);
      for (const other of files) if (other !== file) symlinkSync(join(sound, other), join(into, other));
      const bytes = readFileSync(join(sound, file));
      const place = at % bytes.length;
      bytes[place] = (bytes[place] as number) ^ (1 << bit);
      writeFileSync(join(into, file), bytes);
      return { into, what: `${file} ${place} bit ${bit}` };
    });
    const { lines } = verify(...tampered.map(({ into }) => into));
    expect(lines).toHaveLength(tampered.length);
    expect(tampered.filter((_, index) => lines[index]?.endsWith(': sound')).map(({ what }) => what)).toEqual([]);
  },
  180_000,
);

/** By a superuser whom no trigger stops. */
itWithPython('it finds what our own verification finds in the database', async () => {
  const tampering = {
    amount: `UPDATE entry SET amount = amount + CASE WHEN amount > 0 THEN 1 ELSE -1 END
              WHERE journal_id = (SELECT journal_id FROM journal WHERE source_reference = 'blanja/2@F1')`,
    memory: `UPDATE journal_memory SET memory = (memory::text || ' ')::json`,
    source: `UPDATE journal SET source = (source::text || ' ')::json WHERE source_reference = 'blanja/3@F1'`,
    event: `UPDATE journal SET source_event_id = gen_random_uuid() WHERE source_reference = 'blanja/3@F1'`,
    instant: `UPDATE journal SET occurred_at = occurred_at + '1 ms' WHERE source_reference = 'blanja/3@F1'`,
    decision: `UPDATE agreement SET approved_by = 'p3' WHERE approved_by = 'p2'`,
    deletion: `DELETE FROM agreement WHERE agreement_id = 'G20'`,
    gap: `DELETE FROM journal WHERE source_reference = 'blanja/3@F1'`,
    end: `DELETE FROM journal WHERE source_reference = 'blanja/not sealed yet@F1'`,
    change: `DELETE FROM row_change WHERE number = (SELECT max(number) FROM row_change)`,
  };
  const unnoticed: string[] = [];
  for (const [name, statement] of Object.entries(tampering)) {
    const into = await undone(async () => {
      expect((await books.intruder.query(statement)).rowCount).toBeGreaterThan(0);
      return taken(name);
    });
    if (verify(into).status !== 1) unnoticed.push(name);
  }
  expect(unnoticed).toEqual([]);
});
