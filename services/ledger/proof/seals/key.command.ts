/**
 * `npm run ledger:key -- NEW [--old OLD | --lost]`: from the next day that is sealed on, NEW seals the books. OLD, the
 * private key that has sealed until now (default: LEDGER_SEAL_KEY), hands over to it; --lost says that nobody has it.
 * LEDGER_DATABASE_URL (or DATABASE_URL) names the books. Afterwards the ledger is started with LEDGER_SEAL_KEY=NEW.
 */
import { createPublicKey } from 'node:crypto';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { configuredUrl } from '../../../../libs/database/configured-url.ts';
import '../../../../libs/database/types.ts'; // dates as text
import { addKey, listedKeys } from './key-list.repository.ts';
import { nextKey } from './key-list.ts';
import { lastSeal, lockSealing } from './seal.repository.ts';
import { dayAfter, fingerprint, publicKeyText } from './seal.ts';
import { sealKey } from './seal-key.ts';

const USAGE = 'Usage: npm run ledger:key -- NEW.pem [--old OLD.pem | --lost]';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { old: { type: 'string' }, lost: { type: 'boolean', default: false } },
});
const client = new pg.Client(configuredUrl('LEDGER_DATABASE_URL') ?? configuredUrl('DATABASE_URL'));
try {
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Error(USAGE);
  await client.connect();
  await change(sealKey(file), values.lost ? undefined : sealKey(values.old ?? process.env.LEDGER_SEAL_KEY));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await client.end();
}

async function change(own: ReturnType<typeof sealKey>, old: ReturnType<typeof sealKey> | undefined): Promise<void> {
  const query = async <Row>(sql: string, parameters?: unknown[]) => (await client.query(sql, parameters)).rows as Row[];
  await query('BEGIN');
  await lockSealing(query);
  const [keys, seal] = [await listedKeys(query), await lastSeal(query)];
  const last = keys.at(-1);
  if (!last || !seal) throw new Error('Nothing is sealed yet: start the ledger with the new key.');
  const publicKey = publicKeyText(createPublicKey(own));
  if (keys.some((key) => key.publicKey === publicKey)) throw new Error('This key has sealed already.');
  if (old && publicKeyText(createPublicKey(old)) !== last.publicKey) {
    throw new Error(`The old key is not the one that seals now (${fingerprint(last.publicKey)}).`);
  }
  const from = dayAfter(seal.date);
  if (from <= last.from) throw new Error(`The key was changed already, and has not sealed yet.`);
  await addKey(query, nextKey(keys, { from, publicKey, own, ...(old && { old }) }));
  await query('COMMIT');
  console.log(`Key ${keys.length + 1} (${fingerprint(publicKey)}) seals the books from ${from} on.`);
  console.log(
    old
      ? `The key before it (${fingerprint(last.publicKey)}) has handed over: who trusts one, trusts both.`
      : 'Nobody has handed over to it: tell it to everybody who trusts the lost one.',
  );
  console.log('Start the ledger with LEDGER_SEAL_KEY set to it, and send GET /v1/audit/keys to who keeps the keys.');
}
