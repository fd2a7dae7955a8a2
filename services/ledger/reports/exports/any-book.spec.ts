import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isInstalled } from '../../../../test/kit/programs.ts';
import { accountOfCode } from '../../books/accounts/account.ts';
import { asciiLine, asciiWord } from './ascii.ts';
import { accountCodeOf, accountName, beancount } from './beancount.ts';
import type { Book, BookFormat, ExportedJournal } from './book.ts';
import { hledger } from './hledger.ts';

/* Whatever is in the books, also from before ids had a grammar, two independent programs come to our balances. */

const odd = fc.constantFrom(
  ...[' ', '  ', '\t', '\n', '\r', '\u0001', '\u0085', '\u00a0', '\u2028', '\u3000', '\ufeff', '\u200d'],
  ...[
    ';',
    ':',
    '@',
    '-',
    'u',
    '%',
    '%20',
    '-u20-',
    '"',
    "'",
    '\\',
    '|',
    '(',
    ')',
    '[',
    '*',
    '!',
    '=',
    '~',
    '#',
    '{',
    '$',
  ],
  ...['IDR 1', 'é', 'e\u0301', '日', 'ꦥ', '🎉', 'A', 'a', '0', 'Facility-', 'Other-', 'wages', '2026-01-01'],
);
const oddText = fc.array(odd, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
const anyText = fc
  .oneof(oddText, fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), fc.stringMatching(/^[a-z0-9._-]{1,9}$/))
  .filter((text) => text.isWellFormed() && !text.includes('\0')); // PostgreSQL holds no other text

const anyCode = fc.oneof(
  fc
    .tuple(anyText, anyText)
    .chain(([id, facility]) =>
      fc.constantFrom(
        ...[`maker:${id}:wages-pending`, `maker:${id}:wages`, `maker:${id}:receivable`, `facility:${id}:earnings`],
        ...[`channel:${id}:fees@${facility}`, `beneficiary:${id}:payable@${facility}`, `bank:${id}@${facility}`],
        ...[`state:pnbp@${facility}`, `tax:pph22-withheld@${facility}`, `suspense@${facility}`],
      ),
    ),
  anyText,
);

const anyAccount = fc.tuple(anyCode, fc.constantFrom('asset' as const, 'liability' as const)).map(([code, other]) => {
  try {
    return { code, class: accountOfCode(code).class };
  } catch {
    return { code, class: other };
  }
});

/** Accounts with journals of two entries each, in which every account occurs. */
const anyBook = fc
  .record({
    accounts: fc.uniqueArray(anyAccount, { minLength: 2, maxLength: 60, selector: ({ code }) => code }),
    references: fc.array(fc.oneof(anyText, fc.constant('very long; '.repeat(20_000))), {
      minLength: 60,
      maxLength: 60,
    }),
    amounts: fc.array(fc.integer({ min: 1, max: 2 ** 45 }), { minLength: 60, maxLength: 60 }),
  })
  .map(({ accounts, references, amounts }) => {
    const balances = new Map(accounts.map(({ code }) => [code, 0]));
    const journals = accounts.map((account, index): ExportedJournal => {
      const other = accounts[(index * 7 + 1) % accounts.length] as (typeof accounts)[number];
      const amount = amounts[index] as number;
      balances.set(account.code, (balances.get(account.code) as number) + amount);
      balances.set(other.code, (balances.get(other.code) as number) - amount);
      return {
        journalId: `01a20cf3-901a-742c-b6c3-${String(index).padStart(12, '0')}`,
        postedOn: '2026-01-05',
        kind: 'correction',
        sourceReference: references[index] as string,
        entries: [
          { account: account.code, class: account.class, amount },
          { account: other.code, class: other.class, amount: -amount },
        ],
      };
    });
    const book: Book = {
      accounts: accounts.map((account) => ({ ...account, balance: balances.get(account.code) as number })),
      firstDay: '2026-01-05',
      dayAfterLast: '2026-01-06',
    };
    return { book, journals };
  });

function written(format: BookFormat, { book, journals }: { book: Book; journals: readonly ExportedJournal[] }): string {
  return [format.opening(book), ...journals.map(format.journal), format.closing(book)].join('');
}

it('is ASCII, a line a reference, and no two texts become one', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, anyCode), fc.oneof(anyText, anyCode), (text, other) => {
      for (const encoded of [asciiLine, asciiWord]) {
        expect(encoded(text)).toMatch(/^[ -~]+$/);
        expect(decodeURIComponent(encoded(text))).toBe(text);
        expect(encoded(text) === encoded(other)).toBe(text === other);
      }
      expect(accountCodeOf(accountName(text, 'asset'))).toBe(text);
    }),
    { numRuns: 1_000 },
  );
});

(isInstalled('hledger') ? it : it.skip)('hledger reads every book, strictly, and agrees with every balance', () => {
  fc.assert(
    fc.property(anyBook, (book) => {
      const input = written(hledger, book);
      const run = (...args: string[]) =>
        spawnSync('hledger', ['-f', '-', ...args], { input, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
      expect(run('check', '--strict')).toMatchObject({ status: 0, stdout: '', stderr: '' });
      const rows = run('balance', '--flat', '--empty', '--no-total', '--output-format=csv').stdout.trim().split('\n');
      const balances = rows.slice(1).map((row) => /^"(.*)","(?:IDR )?(-?\d+)"$/.exec(row)?.slice(1));
      expect(Object.fromEntries(balances as [string, string][])).toEqual(
        Object.fromEntries(book.book.accounts.map(({ code, balance }) => [asciiWord(code), `${balance}`])),
      );
    }),
    { numRuns: 10 },
  );
});

(isInstalled('bean-check') ? it : it.skip)('beancount reads every book and comes to every balance at its end', () => {
  const directory = mkdtempSync(join(tmpdir(), 'pasindo-'));
  const file = join(directory, 'pasindo.beancount');
  const beanCheck = (text: string) => {
    writeFileSync(file, text);
    const { status, stdout, stderr } = spawnSync('bean-check', [file], { encoding: 'utf8' });
    return { status, said: stdout + stderr };
  };
  try {
    fc.assert(
      fc.property(anyBook, (book) => {
        const text = written(beancount, book);
        expect(text.match(/^2026-01-06 balance /gm)).toHaveLength(book.book.accounts.length);
        expect(beanCheck(text)).toEqual({ status: 0, said: '' });
        expect(beanCheck(text.replace(/(-?\d+) IDR\n$/, '1$1 IDR\n')).status).toBe(1);
      }),
      { numRuns: 5 },
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});
