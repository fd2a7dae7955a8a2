/**
 * `npm run statement:verify -- FILE [--key KEYS]`: what a maker's statement (JSON, or the PDF that it is attached
 * to) proves, in plain words. Needs no database and no service. KEYS: of the books, as PEM or as the list of them.
 * Exit code 0: everything is proven; 1: something is false; 2: it cannot be read; 3: nothing is false, not all is proven.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { attachedStatement } from '../documents/attachment.ts';
import { publicKeysIn } from '../seals/key-list.ts';
import { fingerprint } from '../seals/seal.ts';
import { codeText, type IssuedStatement } from './maker-statement.ts';
import { type Finding, findingsOf, statementFrom } from './verification.ts';

const USAGE = 'Usage: npm run statement:verify -- FILE [--key public.pem]...';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { key: { type: 'string', multiple: true } },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Error(USAGE);
  const bytes = readFileSync(file);
  const issued = statementFrom(bytes.subarray(0, 5).toString() === '%PDF-' ? attachedStatement(bytes) : `${bytes}`);
  const trusted = values.key?.flatMap((file) => publicKeysIn(readFileSync(file, 'utf8')));
  process.exitCode = tell(issued, findingsOf(issued, trusted));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

function tell(issued: IssuedStatement, findings: readonly Finding[]): number {
  const { makerId, from, to, issuedAt } = issued.statement;
  const [exitCode, en, id] = findings.some(({ holds }) => holds === false)
    ? [1, 'FALSE: this statement is not what the books said.', 'PALSU: laporan ini bukan yang dinyatakan pembukuan.']
    : findings.some(({ holds }) => holds === undefined)
      ? [3, 'Nothing is false, but not everything is proven.', 'Tidak ada yang salah, tetapi belum semuanya terbukti.']
      : [0, 'Everything is proven.', 'Semuanya terbukti.'];
  console.log(`${makerId}, ${from ?? '...'} - ${to} (${issuedAt})\n`);
  for (const finding of findings) console.log(`${mark(finding)} ${finding.en}\n      ${finding.id}`);
  console.log(`\n${en}\n${id}\n\nKey / kunci: ${fingerprint(issued.publicKey)}\nCode / kode QR: ${codeText(issued)}`);
  return exitCode;
}

function mark({ holds }: Finding): string {
  return holds === undefined ? '[ ? ]' : holds ? '[ok ]' : '[NO ]';
}
