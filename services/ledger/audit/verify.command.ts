/**
 * `npm run ledger:verify`: checks all books, names the first wrong rows. Exit code 0: sound; 1: not; 2: not checked.
 * LEDGER_DATABASE_URL (or DATABASE_URL): reads that database itself, no service needed. Else it asks the service on
 * this computer (LEDGER_PORT, 3004).
 */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import pg from 'pg';
import '../../../libs/database/types.ts'; // bigint as a checked number, dates as text
import { verifyBooks } from './verification.repository.ts';
import { type ReportLine, reportOf, textOf } from './verification-report.ts';

const url = process.env.LEDGER_DATABASE_URL ?? process.env.DATABASE_URL;
try {
  const sound = await (url ? verifyDatabase(url) : askService());
  process.exitCode = sound ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

function tell(line: ReportLine): void {
  if ('progress' in line) console.error(textOf(line));
  else console.log(textOf(line));
}

async function verifyDatabase(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const query = async <Row>(sql: string, parameters?: unknown[]) =>
      (await client.query(sql, parameters)).rows as Row[];
    return await reportOf((checked) => verifyBooks(query, checked), tell);
  } finally {
    await client.end();
  }
}

async function askService(): Promise<boolean> {
  const address = `http://127.0.0.1:${process.env.LEDGER_PORT ?? 3004}/v1/audit/verify`;
  const response = await fetch(address).catch(() => undefined);
  if (!response?.ok || !response.body)
    throw new Error(`${address} does not answer. Set LEDGER_DATABASE_URL, or start it.`);
  let sound: boolean | undefined;
  for await (const text of createInterface({ input: Readable.fromWeb(response.body as ReadableStream) })) {
    const line = JSON.parse(text) as ReportLine;
    if ('result' in line) sound = line.result.sound;
    tell(line);
  }
  if (sound === undefined) throw new Error('The service ended before it had checked everything.');
  return sound;
}
