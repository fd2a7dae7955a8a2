import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jsQR from 'jsqr';
import QRCode from 'qrcode';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { newSealKey } from '../../../../test/kit/seal-key.ts';
import type { PostedJournal } from '../../books/journals/journal.repository.ts';
import { EntryRepository } from '../../explanations/entries/entry.repository.ts';
import { ExplanationService } from '../../explanations/recompute/explanation.service.ts';
import { attachedStatement } from '../documents/attachment.ts';
import { statementPdf } from '../documents/statement-pdf.ts';
import { publicKeyText } from '../seals/seal.ts';
import { SealingService } from '../seals/sealing.service.ts';
import { MakerStatementService } from './maker-statement.service.ts';
import { codeText, type IssuedStatement, issue as issueBy } from './maker-statement.ts';
import { findingsOf, statementFrom } from './verification.ts';

const key = createPrivateKey(newSealKey());
const publicKey = publicKeyText(createPublicKey(key));
const directory = mkdtempSync(join(tmpdir(), 'statement-'));
let books: Books;
let statements: MakerStatementService;
let issued: IssuedStatement;

const makers = [
  { makerId: 'M1', weight: '2' },
  { makerId: 'M2', weight: '1' },
  { makerId: 'M3', weight: '1' },
];

const issue = async (makerId: string, period: { from?: string; to?: string }): Promise<IssuedStatement> => {
  const statement = await statements.issue(makerId, period);
  if (!statement) throw new Error(`no statement of ${makerId}`);
  return statement;
};

beforeAll(async () => {
  books = await openBooks();
  const sealing = new SealingService(books.database, key);
  statements = new MakerStatementService(books.database, key);
  for (const [index, day] of ['2026-01-05', '2026-01-06', '2026-01-09'].entries()) {
    await books.setClock(`${day}T03:00:00Z`);
    for (let sale = 0; sale < 5; sale += 1) {
      await books.sell(`${index}-${sale}`, { price: 100_002 + 2 * sale, makers: makers.slice(0, 1 + (sale % 3)) });
      await books.sell(`other-${index}-${sale}`, { price: 10_000, facilityId: 'F2', makers: makers.slice(2) });
    }
    if (index > 0) await books.refund(`${index - 1}-2`, { amount: 30_001 });
  }
  await books.setClock('2026-01-10T03:00:00Z');
  await sealing.sealDaysThatAreOver();
  issued = await issue('M1', { to: '2026-01-31' });
});
afterAll(async () => {
  await books.close();
  rmSync(directory, { recursive: true });
});

const holds = (statement: IssuedStatement, trusted?: string) =>
  findingsOf(statement, trusted === undefined ? undefined : [trusted]).map((finding) => finding.holds);

describe('a maker’s statement', () => {
  it('says what is owed as the books do, line by line', async () => {
    const { lines, opening, closing } = issued.statement;
    expect(lines).toHaveLength(17);
    expect(opening.total).toBe(0);
    const [owed] = await books.database.query(
      `SELECT (-sum(balance))::bigint AS total FROM account WHERE owner = 'maker:M1'`,
    );
    expect(closing).toEqual({ accounts: { 'wages-pending': closing.total }, ...(owed as object) });
    expect(lines.at(-1)?.total).toBe(closing.total);
  });

  it('proves every line against the seals and a key that the reader has', () => {
    expect(holds(issued, publicKey)).toEqual(Array(6).fill(true));
    expect(issued.statement.seals.map(({ date }) => date)).toEqual(['2026-01-05', '2026-01-06', '2026-01-09']);
  });

  it('of a part of the time opens with what the part before closed with', async () => {
    const before = await issue('M1', { to: '2026-01-05' });
    const after = await issue('M1', { from: '2026-01-06', to: '2026-01-31' });
    expect(after.statement.opening).toEqual(before.statement.closing);
    expect(after.statement.closing).toEqual(issued.statement.closing);
    expect(holds(after, publicKey)).toEqual([...Array(6).fill(true), undefined]);
  });

  it('each line can be asked why, by its number', async () => {
    const { database } = books;
    const { journals, saleLines, agreements } = ledgerServices(database);
    const explanations = new ExplanationService(database, journals, saleLines, agreements);
    const entries = new EntryRepository(database);
    for (const { account, entry = 0, amount, journalId } of issued.statement.lines) {
      const posted = await entries.find(`maker:M1:${account}`, entry);
      expect(posted).toMatchObject({ amount: -amount, journalId });
      const recomputed = await explanations.recompute((await journals.find(journalId)) as PostedJournal);
      expect(recomputed?.entries).toContainEqual(
        expect.objectContaining({ account: posted?.account, amount: -amount }),
      );
    }
  });

  it('says which lines cannot be proven yet', async () => {
    await books.sell('today', { price: 50_000 });
    const today = await issue('M1', { to: '2026-01-31' });
    expect(holds(today, publicKey)).toEqual([...Array(6).fill(true), undefined]);
    expect(today.statement.journals.filter(({ proof }) => proof === null)).toHaveLength(1);
  });

  it('tells nothing of other makers, nor of the facility’s and the state’s part, nor where its salts come from', async () => {
    const text = JSON.stringify(issued);
    expect(text).not.toMatch(/maker:M[23]|"M[23]"|pnbp|earnings|cost-recovery/); // hashes may spell M2
    const events = await books.database.query<{ event: string; correlation: string }>(
      'SELECT source_event_id AS event, correlation_id AS correlation FROM journal',
    );
    for (const { event, correlation } of events) {
      expect(text).not.toContain(event);
      expect(text).not.toContain(correlation);
    }
  });

  it('is not issued to one whom the books do not know', async () => {
    expect(await statements.issue('M9', {})).toBeUndefined();
  });

  it('is the same however its file is laid out', () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([name, member]) => [name, reversed(member)]),
            )
          : value;
    const again = statementFrom(JSON.stringify(reversed(issued), null, 4));
    expect(holds(again, publicKey)).toEqual(Array(6).fill(true));
    expect(codeText(again)).toBe(codeText(issued));
  });

  it.each<[string, number, (statement: IssuedStatement['statement']) => void]>([
    [
      'an amount, with all that follows from it',
      1,
      (s) => {
        for (const line of s.lines) {
          line.total += 1;
          line.balance += 1;
        }
        (s.lines[0] as { amount: number }).amount += 1;
        s.closing.total += 1;
        s.closing.accounts['wages-pending'] = s.closing.total;
      },
    ],
    ['a running total', 0, (s) => ((s.lines[3] as { total: number }).total += 1)],
    ['the closing', 0, (s) => (s.closing.total += 1)],
    ['the opening', 0, (s) => (s.opening.total += 1)],
    ['a line left out', 1, (s) => s.lines.splice(3, 1)],
    ['a line twice', 1, (s) => s.lines.push(s.lines[0] as (typeof s.lines)[number])],
    ['the date of a line', 1, (s) => ((s.lines[0] as { postedOn: string }).postedOn = '2026-01-04')],
    ['the sale of a line', 1, (s) => ((s.lines[0] as { reference: string }).reference = 'blanja/9@F1')],
    ['the maker', 1, (s) => (s.makerId = 'M2')],
    ['the amount in its journal', 2, (s) => ((s.journals[0]?.part.entries[0] as unknown[])[3] = -1)],
    ['the salt of a journal', 2, (s) => ((s.journals[0] as { part: { salt: string } }).part.salt = '00')],
    [
      'the day of a journal',
      2,
      (s) => ((s.journals[0] as { facts: { postedOn: string } }).facts.postedOn = '2026-01-04'),
    ],
    [
      'the instant of a journal',
      2,
      (s) => ((s.journals[0] as { facts: { recordedAt: string } }).facts.recordedAt = '2026-01-06T03:00:00.000Z'),
    ],
    ['the place of a journal', 2, (s) => ((s.journals[0]?.proof as { index: number }).index += 1)],
    ['the path of a journal', 2, (s) => s.journals[0]?.proof?.path.pop()],
    ['the seal of a journal', 2, (s) => ((s.journals[0]?.proof as { date: string }).date = '2026-01-06')],
    ['the root of a seal', 3, (s) => ((s.seals[0] as { root: string }).root = '0'.repeat(64))],
    [
      'the signature of a seal',
      3,
      (s) => ((s.seals[0] as { signature: string }).signature = s.seals[1]?.signature ?? ''),
    ],
    ['a seal left out', 2, (s) => s.seals.shift()],
    ['when it was issued', 4, (s) => (s.issuedAt = '2027-01-01T00:00:00.000Z')],
  ])('is refuted when somebody changes %s', (_, finding, change) => {
    const forged = structuredClone(issued);
    change(forged.statement);
    const found = holds(forged, publicKey);
    expect(found[finding]).toBe(false);
    expect(found[4]).toBe(false); // whatever was changed, its signature is gone
  });

  it('is refuted when another signed it', () => {
    const other = createPrivateKey(newSealKey());
    const forged = issueBy(issued.statement, other, createPublicKey(other));
    expect(holds(forged, publicKey)[5]).toBe(false);
    expect(holds(forged)[4]).toBe(false); // it is of none of the keys of its seals
  });
});

describe('on paper', () => {
  it('is a PDF/A-3 with the same statement attached', async () => {
    const pdf = await statementPdf(issued);
    if (process.env.KEEP_PDF) writeFileSync(process.env.KEEP_PDF, pdf);
    expect(pdf.subarray(0, 8).toString()).toBe('%PDF-1.7');
    expect(pdf.toString('latin1')).toMatch(/<pdfaid:part>3<\/pdfaid:part>/);
    expect(statementFrom(attachedStatement(pdf))).toEqual(issued);
  });

  it('carries a code that a reader reads as the digest and the seal', () => {
    const { modules } = QRCode.create(codeText(issued), { errorCorrectionLevel: 'M' });
    const [scale, quiet] = [4, 4];
    const size = (modules.size + 2 * quiet) * scale;
    const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) {
        const [row, column] = [Math.floor(y / scale) - quiet, Math.floor(x / scale) - quiet];
        const inside = row >= 0 && column >= 0 && row < modules.size && column < modules.size;
        if (inside && modules.get(row, column)) pixels.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
      }
    }
    expect((jsQR as unknown as typeof jsQR.default)(pixels, size, size)?.data).toBe(codeText(issued));
  });
});

describe('npm run statement:verify', () => {
  const verify = (file: string, ...more: string[]) => {
    const command = [file, ...more].map((argument) =>
      argument.startsWith('--') ? argument : join(directory, argument),
    );
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--conditions=source', 'services/ledger/proof/statements/verify.command.ts', ...command],
      { encoding: 'utf8' },
    );
    return { status, text: `${stdout}${stderr}` };
  };

  beforeAll(async () => {
    const forged = structuredClone(issued);
    forged.statement.closing.total += 1;
    writeFileSync(join(directory, 'statement.json'), JSON.stringify(issued));
    writeFileSync(join(directory, 'statement.pdf'), await statementPdf(issued));
    writeFileSync(join(directory, 'forged.json'), JSON.stringify(forged));
    writeFileSync(join(directory, 'other.json'), '{}');
    writeFileSync(join(directory, 'public.pem'), createPublicKey(key).export({ format: 'pem', type: 'spki' }));
  });

  it.each<[string, number, string[], RegExp]>([
    [
      'JSON with the key: proven',
      0,
      ['statement.json', '--key', 'public.pem'],
      /Everything is proven.*Semuanya terbukti/s,
    ],
    ['PDF with the key: proven', 0, ['statement.pdf', '--key', 'public.pem'], /Everything is proven/],
    ['forged: false', 1, ['forged.json', '--key', 'public.pem'], /\[NO \] the figures add up.*FALSE/s],
    ['no statement: not read', 2, ['other.json'], /not a statement/],
    ['no file: not read', 2, ['missing.json'], /ENOENT/],
    ['without a key: not all proven', 3, ['statement.json'], /not everything is proven/],
  ])('%s', (_, status, command, text) => {
    const verified = verify(...(command as [string, ...string[]]));
    expect(verified.text).toMatch(text);
    expect(verified.status).toBe(status);
  });
});
