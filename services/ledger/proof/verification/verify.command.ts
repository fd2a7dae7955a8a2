/**
 * `npm run ledger:verify -- [--key FILE]... [--kept FILE]...`: checks all books, names the first wrong rows.
 * Exit code 0: sound; 1: not; 2: not checked; 3: nothing is wrong, but no key is trusted.
 *
 * LEDGER_DATABASE_URL (or DATABASE_URL): reads that database itself, no service needed. Else it asks the service on
 * this computer (LEDGER_PORT, 3004), which compares with what its own witness kept.
 *
 * --key: keys to trust (PEM, or a list of keys); else LEDGER_TRUSTED_KEYS, else LEDGER_SEAL_KEY, else those of `npm start`.
 * --kept: seals, checkpoints or statements that were signed before; besides, what LEDGER_WITNESS holds.
 */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { authorizationOf } from '../../../../deploy/identity/command-token.ts';
import { configuredUrl } from '../../../../libs/database/configured-url.ts';
import '../../../../libs/database/types.ts'; // bigint as a checked number, dates as text
import type { Transaction } from '#libs/database';
import { keptFile, type Outside, outsideOf, trustedKeys } from './outside.ts';
import { verifyBooks } from './verification.repository.ts';
import { type ReportLine, reportOf, textOf } from './verification-report.ts';
import type { VerificationRun } from './verification-run.repository.ts';

/** Where `npm start` keeps what the ledger needs outside of its database. */
const OF_START = { LEDGER_SEAL_KEY: '.pasindo/ledger-seal-key.pem', LEDGER_WITNESS: '.pasindo/witness' };
const SOUND_BY_NO_KEY = 3;
const LOOK_INTERVAL_MS = 500;

let hasTrusted = false;
try {
  const url = configuredUrl('LEDGER_DATABASE_URL') ?? configuredUrl('DATABASE_URL');
  const { values } = parseArgs({
    options: { key: { type: 'string', multiple: true }, kept: { type: 'string', multiple: true } },
  });
  const trusted = values.key && new Map(values.key.flatMap((file) => [...trustedKeys(file)]));
  const kept = (values.kept ?? []).flatMap(keptFile);
  if (!url && kept.length > 0) throw new Error('--kept is compared with a database: set LEDGER_DATABASE_URL.');
  const sound = await (url ? verifyDatabase(url, outside(trusted, kept)) : askService([...(trusted?.keys() ?? [])]));
  process.exitCode = !sound ? 1 : hasTrusted ? 0 : SOUND_BY_NO_KEY;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

function outside(trusted: Outside['trusted'] | undefined, kept: Outside['kept']): Outside {
  const { env } = process;
  const ofOthers = trusted || env.LEDGER_TRUSTED_KEYS || env.LEDGER_SEAL_KEY;
  const ofStart = Object.entries(OF_START).filter(([, path]) => !ofOthers && existsSync(path));
  const own = outsideOf({
    ...env,
    ...Object.fromEntries(ofStart),
    ...(env.LEDGER_WITNESS && { LEDGER_WITNESS: env.LEDGER_WITNESS }),
  });
  return { trusted: trusted ?? own.trusted, kept: [...own.kept, ...kept] };
}

function tell(line: ReportLine): void {
  if ('trusted' in line) hasTrusted = line.trusted.length > 0;
  if ('progress' in line) console.error(textOf(line));
  else console.log(textOf(line));
}

async function verifyDatabase(connectionString: string, outside: Outside): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const query = async <Row>(sql: string, parameters?: unknown[]) =>
      (await client.query(sql, parameters)).rows as Row[];
    await requireAllRows(query);
    return await reportOf(outside, (checked) => verifyBooks(query, checked, outside), tell);
  } finally {
    await client.end();
  }
}

/** Of rows that a login is not shown nothing can be wrong. */
async function requireAllRows(query: Transaction['query']): Promise<void> {
  const [login] = await query<{ verify: string; sees: boolean }>(
    `SELECT current_database() || '_verify' AS verify,
            NOT row_security_active('journal')
            OR EXISTS (SELECT FROM pg_policy, unnest(polroles) AS role
                        WHERE polrelid = 'journal'::regclass AND pg_get_expr(polqual, polrelid) = 'true'
                          AND pg_has_role(role, 'USAGE')) AS sees`,
  );
  if (!login?.sees) throw new Error(`This login is not shown the books: GRANT ${login?.verify} to it.`);
}

async function askService([key, ...others]: readonly string[]): Promise<boolean> {
  if (others.length > 0) throw new Error('The service takes one --key. Set LEDGER_DATABASE_URL to give several.');
  const address = `http://127.0.0.1:${process.env.LEDGER_PORT ?? 3004}/v1/verifications`;
  const authorization = authorizationOf('ledger', 'auditor');
  const ask = async (url: string, body?: object): Promise<VerificationRun> => {
    const posted = body && {
      method: 'POST',
      body: JSON.stringify(body),
    };
    const headers = { authorization: await authorization(), 'content-type': 'application/json' };
    const response = await fetch(url, { ...posted, headers }).catch(() => undefined);
    if (response?.status === 409) throw new Error(((await response.json()) as { detail: string }).detail);
    if (!response?.ok) throw new Error(`${url} does not answer. Set LEDGER_DATABASE_URL, or start it.`);
    return (await response.json()) as VerificationRun;
  };
  let run = await ask(address, key ? { key } : {});
  tell({ trusted: run.report.trusted, kept: run.report.kept });
  for (let told = 0; ; run = await ask(`${address}/${run.verificationId}`)) {
    const { checked, faults, seconds } = run.report;
    for (const fault of faults.slice(told)) tell({ fault });
    told = faults.length;
    if (run.status === 'running') tell({ progress: checked });
    else if (seconds !== null) {
      const sound = run.status === 'sound';
      tell({ result: { sound, checked, seconds } });
      return sound;
    } else throw new Error(`The verification ended before it had checked everything: ${run.status}.`);
    await sleep(LOOK_INTERVAL_MS);
  }
}
