import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Transaction } from '#libs/database';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { faultsFound } from '../../../../test/kit/faults-of-books.ts';
import { newSealKey } from '../../../../test/kit/seal-key.ts';
import { link } from '../../books/chain/hash-chain.ts';
import { merkleRoot } from '../../books/chain/merkle-tree.ts';
import { checkpointOf } from '../seals/checkpoint.repository.ts';
import { type Kept, keptIn } from '../seals/kept.ts';
import { listedKeys } from '../seals/key-list.repository.ts';
import { nextKey } from '../seals/key-list.ts';
import { blocksOf, sealsAfter } from '../seals/seal.repository.ts';
import { hashOfSeal, publicKeyText, seal } from '../seals/seal.ts';
import { SealingService } from '../seals/sealing.service.ts';
import { MakerStatementService } from '../statements/maker-statement.service.ts';
import type { IssuedStatement } from '../statements/maker-statement.ts';
import { findingsOf } from '../statements/verification.ts';
import type { Outside } from './outside.ts';
import { journalsAfter } from './stored-journal.repository.ts';

/* What only somebody can tell who has kept something outside of the database: a key, a seal, a checkpoint, a statement. */

const directory = mkdtempSync(join(tmpdir(), 'outside-'));
const witness = join(directory, 'witness');
const [firstKey, secondKey, foreignKey] = [newSealKey(), newSealKey(), newSealKey()].map((pem) =>
  createPrivateKey(pem),
) as [KeyObject, KeyObject, KeyObject];
const textOf = (key: KeyObject): string => publicKeyText(createPublicKey(key));
const fileOf = (name: string, key: KeyObject): string => {
  const file = join(directory, name);
  writeFileSync(file, key.export({ format: 'pem', type: 'pkcs8' }));
  return file;
};

let books: Books;
/** Everything is done in a transaction of the intruder's, which is undone after each test. */
const query: Transaction['query'] = async (sql, parameters) => (await books.intruder.query(sql, parameters)).rows;
const outside = (kept: readonly Kept[] = [], ...trusted: KeyObject[]): Outside => ({
  trusted: new Map(trusted.map((key) => [textOf(key), 'test'])),
  kept,
});
const faults = (kept: readonly Kept[] = [], ...trusted: KeyObject[]) => faultsFound(query, outside(kept, ...trusted));

/** Hashes a facility's chain anew, as one who can write everything would, and all seals with a key of his own. */
async function hashAnew(): Promise<void> {
  const journals = await journalsAfter(query, undefined, 0);
  const heads = new Map(journals.map(({ facilityId }) => [facilityId, { number: 0, hash: null as string | null }]));
  for (const journal of journals) {
    const recordedAt = new Map([[journal.facilityId, new Date(Number(journal.recordedAtMs)).toISOString()]]);
    const [anew] = link([journal], heads, recordedAt);
    await query(`UPDATE journal SET hash = decode($1, 'hex') WHERE journal_id = $2`, [anew?.hash, journal.journalId]);
  }
  for (const [facilityId, { number, hash }] of heads) {
    await query(`UPDATE chain_head SET number = $1, hash = decode($2, 'hex') WHERE facility_id = $3`, [
      number,
      hash,
      facilityId,
    ]);
  }
}

async function sealAnew(key: KeyObject): Promise<void> {
  let previous: string | null = null;
  for (const day of await sealsAfter(query, undefined, 1_000)) {
    const leaves = await query<{ facilityId: string; number: number; hash: string }>(
      `SELECT facility_id AS "facilityId", chain_number AS number, encode(hash, 'hex') AS hash FROM journal
        WHERE (recorded_at AT TIME ZONE 'Asia/Jakarta')::date = $1 ORDER BY facility_id, chain_number`,
      [day.date],
    );
    const [block] = blocksOf(leaves);
    if (block) {
      await query(`UPDATE seal_block SET root = decode($1, 'hex'), hashes = decode($2, 'hex') WHERE sealed_on = $3`, [
        block.root,
        block.hashes,
        day.date,
      ]);
    }
    const { format: _, signature: __, publicKey: ___, changes: ____, ...sealed } = day;
    const root = merkleRoot(leaves.map(({ hash }) => hash));
    const anew = seal({ ...sealed, journals: leaves.length, root, previous }, key);
    await query(
      `UPDATE seal SET root = decode($1, 'hex'), previous = decode($2, 'hex'), public_key = $3, signature = $4, journals = $5,
              changes = NULL, changes_hash = NULL
        WHERE sealed_on = $6`,
      [anew.root, anew.previous, anew.publicKey, anew.signature, anew.journals, anew.date],
    );
    previous = hashOfSeal(anew);
  }
}

/** Says of a table's rows that they were always so, and hashes the record of changes anew. */
async function recordAnew(): Promise<void> {
  await query(`
    DELETE FROM row_change WHERE "table" IN ('seal', 'seal_key');
    SET LOCAL timezone = 'UTC'`);
  await query(`
    DO $$
    DECLARE change record; previous bytea := ''; n bigint := 0;
    BEGIN
      INSERT INTO row_change SELECT 1000000 + row_number() OVER (), 'seal', sealed_on::text,
             sha256(convert_to(jsonb_strip_nulls(to_jsonb(seal))::text, 'UTF8')), now(), '' FROM seal;
      INSERT INTO row_change SELECT 2000000 + number, 'seal_key', number::text,
             sha256(convert_to(jsonb_strip_nulls(to_jsonb(seal_key))::text, 'UTF8')), now(), '' FROM seal_key;
      FOR change IN SELECT * FROM row_change ORDER BY number LOOP
        n := n + 1;
        previous := sha256(previous || convert_to(json_build_array(n, change.table, change.key,
                           encode(change.row_hash, 'hex'), change.changed_at)::text, 'UTF8'));
        UPDATE row_change SET number = n, hash = previous WHERE number = change.number;
      END LOOP;
    END $$`);
}

let genuine: { checkpoint: Kept[]; seals: Kept[]; statement: IssuedStatement; statementOfFirst: IssuedStatement };

beforeAll(async () => {
  books = await openBooks();
  const { database } = books;
  const sealing = new SealingService(database, firstKey, witness);
  await books.setClock('2026-01-05T03:00:00Z');
  await books.sell('1', { price: 100_000 });
  await books.sell('2', { price: 50_000, facilityId: 'F2' });
  await books.setClock('2026-01-06T03:00:00Z');
  await sealing.sealDaysThatAreOver();
  await sealing.tellWitness();
  await books.sell('3', { price: 70_000 });
  await books.setClock('2026-01-07T03:00:00Z');
  await sealing.sealDaysThatAreOver();
  const statementOfFirst = await new MakerStatementService(database, firstKey).issue('M1', { to: '2026-01-31' });

  const changed = spawnSync(
    process.execPath,
    [
      '--conditions=source',
      'services/ledger/proof/seals/key.command.ts',
      fileOf('second.pem', secondKey),
      '--old',
      fileOf('first.pem', firstKey),
    ],
    { encoding: 'utf8', env: { ...process.env, LEDGER_DATABASE_URL: books.url } },
  );
  expect(changed).toMatchObject({ stderr: '', status: 0 });
  expect(changed.stdout).toContain('seals the books from 2026-01-07 on');

  await expect(sealing.onApplicationBootstrap()).rejects.toThrow('not the key that seals the books from 2026-01-07');
  await books.sell('4', { price: 30_000 });
  const after = new SealingService(database, secondKey, witness);
  await books.setClock('2026-01-08T03:00:00Z');
  await expect(sealing.sealDaysThatAreOver()).rejects.toThrow('not the key');
  await after.sealDaysThatAreOver();
  await books.sell('5', { price: 20_000 }); // on a day that is not sealed
  await after.tellWitness();
  const statement = await new MakerStatementService(database, secondKey).issue('M1', { to: '2026-01-31' });
  const checkpoint = await checkpointOf((sql, parameters) => database.query(sql, parameters), secondKey);
  genuine = {
    checkpoint: keptIn('checkpoint', JSON.stringify(checkpoint)),
    seals: keptIn(
      'seals',
      JSON.stringify({ items: await sealsAfter((sql, p) => database.query(sql, p), undefined, 100) }),
    ),
    statement: statement as IssuedStatement,
    statementOfFirst: statementOfFirst as IssuedStatement,
  };
});
afterAll(async () => {
  await books.close();
  rmSync(directory, { recursive: true });
});

beforeEach(() => books.intruder.query('BEGIN ISOLATION LEVEL REPEATABLE READ'));
afterEach(() => books.intruder.query('ROLLBACK'));

it('books whose key was changed are sound to whoever trusts either key, with all that was kept', async () => {
  const { checkpoint, seals, statement, statementOfFirst } = genuine;
  const kept = [
    ...checkpoint,
    ...seals,
    ...[statement, statementOfFirst].flatMap((each) => keptIn('s', JSON.stringify(each))),
  ];
  expect(kept.flatMap((each) => each.journals).length).toBeGreaterThan(5);
  expect(await faults(kept, firstKey)).toEqual([]);
  expect(await faults(kept, secondKey)).toEqual([]);
  expect((await sealsAfter(query, undefined, 10)).map((day) => day.publicKey)).toEqual(
    [firstKey, firstKey, secondKey].map(textOf),
  );
});

it('they are not to whoever trusts another key, nor is a document that another has signed', async () => {
  expect((await faults([], foreignKey)).map(({ table, row }) => `${table} ${row}`)).toEqual([
    'seal_key 1',
    'seal_key 2',
  ]);
  const forged = keptIn('forged', JSON.stringify(await checkpointOf(query, foreignKey)));
  expect(await faults(forged, firstKey)).toMatchObject([{ table: 'kept', row: 'forged' }]);
});

describe('a statement', () => {
  const holds = (statement: IssuedStatement, ...trusted: KeyObject[]) =>
    findingsOf(statement, trusted.map(textOf)).map((finding) => finding.holds);

  it('of the old key stays true, and one of the new key is true to whoever trusts the old one', () => {
    expect(holds(genuine.statementOfFirst, firstKey)).toEqual(Array(6).fill(true));
    expect(holds(genuine.statementOfFirst, secondKey, firstKey)).toEqual(Array(6).fill(true));
    expect(holds(genuine.statement, firstKey).slice(0, 6)).toEqual(Array(6).fill(true));
    expect(holds(genuine.statement, secondKey).slice(0, 6)).toEqual(Array(6).fill(true));
    expect(holds(genuine.statement, foreignKey)[5]).toBe(false);
  });

  it('is not issued by a process that has the old key', async () => {
    const old = new MakerStatementService(books.database, firstKey);
    await expect(old.issue('M1', {})).rejects.toThrow('key of the books was changed');
  });
});

describe('whoever hashes everything anew', () => {
  beforeEach(async () => {
    await query(
      `UPDATE journal SET occurred_at = occurred_at - interval '1 hour' WHERE source_reference = 'blanja/2@F2'`,
    );
    await hashAnew();
  });

  it('and seals it with a key of his own is found by the key that is trusted', async () => {
    await sealAnew(foreignKey);
    await query('DELETE FROM seal_key');
    await query(
      `INSERT INTO seal_key (number, seals_from, public_key, signature)
       SELECT number, "from", "publicKey", signature
         FROM jsonb_to_record($1) AS key (number int, "from" date, "publicKey" text, signature text)`,
      [nextKey([], { from: '2026-01-05', publicKey: textOf(foreignKey), own: foreignKey })],
    );
    await recordAnew();
    expect(await faults()).toEqual([]); // by themselves they are sound
    expect(await faults([], firstKey)).toMatchObject([{ table: 'seal_key', row: '1' }]);
    expect(await faults([], secondKey)).toMatchObject([{ table: 'seal_key', row: '1' }]);
  });

  it('and seals it with the key of the books, stolen, is found by a seal that was kept', async () => {
    await query('DELETE FROM seal WHERE sealed_on >= $1', ['2026-01-07']);
    await query('DELETE FROM seal_block WHERE sealed_on >= $1', ['2026-01-07']);
    await query('DELETE FROM seal_key WHERE number = 2');
    await sealAnew(firstKey);
    await recordAnew();
    expect(await faults([], firstKey)).toEqual([]); // the thief has the key
    const found = await faults(genuine.seals.slice(0, 1), firstKey);
    expect(found.map(({ table, row }) => `${table} ${row}`)).toEqual(['seal 2026-01-05', 'row_change 2']);
  });
});

describe('a forged change of the key', () => {
  it('is found by whoever trusts a key of before', async () => {
    const forged = nextKey(await listedKeys(query), {
      from: '2026-01-08',
      publicKey: textOf(foreignKey),
      own: foreignKey,
    });
    await query(
      `INSERT INTO seal_key (number, seals_from, previous, public_key, signature, handover)
       VALUES (3, '2026-01-08', decode($1, 'hex'), $2, $3, NULL)`,
      [forged.previous, forged.publicKey, forged.signature],
    );
    await query(`SELECT record_row('seal_key', '3', to_jsonb(seal_key)) FROM seal_key WHERE number = 3`);
    expect(await faults([], secondKey)).toMatchObject([{ table: 'seal_key', row: '3' }]);
  });
});

/** The last sale, on a day that is not sealed, cut off with all that the database says of it. */
async function cutOff(): Promise<void> {
  await query(`
    CREATE TEMPORARY TABLE cut ON COMMIT DROP AS SELECT * FROM journal WHERE source_reference = 'blanja/5@F1';
    UPDATE account SET balance = balance - amount, version = version - 1 FROM entry
     WHERE entry.account_id = account.account_id AND journal_id = (SELECT journal_id FROM cut);
    DELETE FROM entry WHERE journal_id = (SELECT journal_id FROM cut);
    DELETE FROM journal WHERE journal_id = (SELECT journal_id FROM cut);
    UPDATE account SET last_recorded_at = (SELECT max(recorded_at) FROM entry JOIN journal USING (journal_id)
                                            WHERE entry.account_id = account.account_id);
    DELETE FROM sale_line WHERE sale_id = 'blanja/5@F1';
    DELETE FROM sale WHERE sale_id = 'blanja/5@F1';
    UPDATE chain_head SET number = journal.chain_number, hash = journal.hash, recorded_at = journal.recorded_at
      FROM journal
     WHERE journal.facility_id = 'F1' AND chain_head.facility_id = 'F1'
       AND journal.chain_number = (SELECT max(chain_number) FROM journal WHERE facility_id = 'F1')`);
}

describe('a tail that is cut off before its day is sealed', () => {
  it('is not told by the database alone, and is by a checkpoint, and by a statement of that day', async () => {
    await cutOff();
    expect(await faults([], secondKey)).toEqual([]);
    expect(await faults(genuine.checkpoint, secondKey)).toMatchObject([{ table: 'journal', row: 'F1 number 4' }]);
    const statement = keptIn('statement', JSON.stringify(genuine.statement));
    expect(await faults(statement, secondKey)).toMatchObject([{ table: 'journal', row: 'F1 number 4' }]);
  });

  it('is found by what the ledger told its witness, and is not sealed over', async () => {
    await books.intruder.query('ROLLBACK');
    const saved = ['journal', 'entry', 'account', 'sale', 'sale_line', 'chain_head'];
    for (const table of saved) await query(`CREATE TABLE saved_${table} AS TABLE ${table}`);
    try {
      await cutOff();
      const before = readFileSync(join(witness, 'checkpoint.json'), 'utf8');
      const sealing = new SealingService(books.database, secondKey, witness);
      await expect(sealing.tellWitness()).rejects.toThrow('the books are not those of the witness');
      await books.setClock('2026-01-09T03:00:00Z');
      await expect(sealing.sealDaysThatAreOver()).rejects.toThrow('journal F1 number 4');
      expect(readFileSync(join(witness, 'checkpoint.json'), 'utf8')).toBe(before);
      const verify = (...more: string[]) =>
        spawnSync(
          process.execPath,
          ['--conditions=source', 'services/ledger/proof/verification/verify.command.ts', ...more],
          {
            encoding: 'utf8',
            env: { ...process.env, LEDGER_DATABASE_URL: books.url, LEDGER_WITNESS: witness },
          },
        );
      const found = verify('--key', join(directory, 'first.pem'));
      expect(found.stdout).toMatch(/^Trusted: the key .* of .*first\.pem\nCompared with what was kept elsewhere: /);
      expect(found.stdout).toContain('WRONG  journal F1 number 4: is not the one that was signed');
      expect(found.status).toBe(1);
    } finally {
      for (const table of saved) {
        await query(
          `DELETE FROM ${table}; INSERT INTO ${table} OVERRIDING SYSTEM VALUE TABLE saved_${table}; DROP TABLE saved_${table}`,
        );
      }
      await books.setClock('2026-01-08T03:00:00Z');
      await books.intruder.query('BEGIN');
    }
  });
});

describe('npm run ledger:verify', () => {
  const verify = (env: Record<string, string>, ...more: string[]) =>
    spawnSync(
      process.execPath,
      ['--conditions=source', 'services/ledger/proof/verification/verify.command.ts', ...more],
      {
        encoding: 'utf8',
        env: { ...process.env, LEDGER_DATABASE_URL: books.url, ...env },
      },
    );

  it('says loudly what it trusts, and that somebody trusts nothing', () => {
    const trusting = verify({ LEDGER_SEAL_KEY: join(directory, 'second.pem') });
    expect(trusting).toMatchObject({ status: 0, stdout: expect.stringContaining('of LEDGER_SEAL_KEY') });
    const other = verify({ LEDGER_TRUSTED_KEYS: fileOf('foreign.pem', foreignKey) });
    expect(other).toMatchObject({ status: 1, stdout: expect.stringContaining('of LEDGER_TRUSTED_KEYS') });
    const nobody = spawnSync(
      process.execPath,
      ['--conditions=source', join(process.cwd(), 'services/ledger/proof/verification/verify.command.ts')],
      {
        encoding: 'utf8',
        cwd: directory,
        env: { ...process.env, LEDGER_SEAL_KEY: '', LEDGER_DATABASE_URL: books.url },
      },
    );
    expect(nobody).toMatchObject({ status: 3, stdout: expect.stringMatching(/^TRUSTED: NO KEY/) });
  });
});
