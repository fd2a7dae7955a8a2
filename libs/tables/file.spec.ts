import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import exceljs from 'exceljs';
import fc from 'fast-check';
import { type Cell, type Encoding, isBlank, openFile } from './file.ts';
import { workbookOf, zipOf } from './workbook.ts';

async function read(file: string | Buffer, encoding?: Encoding) {
  const { records, sheet } = await openFile(file, encoding);
  const rows: { line: number; cells: Cell[] }[] = [];
  for await (const { line, cells } of records) rows.push({ line, cells: [...cells] });
  return { rows, sheet: sheet() };
}

const cellsOf = async (file: string | Buffer, encoding?: Encoding) =>
  (await read(file, encoding)).rows.map(({ cells }) => cells);

/** Rows that are not blank, without the blank cells at their ends. */
const content = (rows: readonly (readonly Cell[])[]) =>
  rows
    .filter((cells) => !cells.every(isBlank))
    .map((cells) => cells.map(String).slice(0, cells.findLastIndex((cell) => !isBlank(cell)) + 1));

const error = (file: string | Buffer, encoding?: Encoding) =>
  read(file, encoding).then(
    () => 'read',
    ({ message }) => message as string,
  );

/** Texts without control characters and Windows-1252 alone, where the file is to be written in it. */
const anyText = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/\p{C}/u.test(text));
const westernText = fc.string({ unit: fc.constantFrom(...'aZ09 é ü ñ € – " ; , = + \t'.split(' ')), maxLength: 12 });

const shape = {
  separator: fc.constantFrom(',', ';', '\t'),
  marks: fc.integer({ min: 0, max: 2 }),
  lineEnds: fc.array(fc.constantFrom('\n', '\r\n', '\r'), { minLength: 1, maxLength: 5 }),
  blankRows: fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 3 }),
  isQuoted: fc.boolean(),
  endsWithLineEnd: fc.boolean(),
};
const table = (text: fc.Arbitrary<string>) => fc.array(fc.tuple(fc.constant('x'), text, text), { maxLength: 6 });

describe('a table', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pasindo-tables-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('is the same however its CSV is written', async () => {
    const encodings = fc.constantFrom('utf-8', 'utf-16le', 'utf-16be', 'windows-1252');
    await fc.assert(
      fc.asyncProperty(
        table(anyText),
        table(westernText),
        encodings,
        fc.record(shape),
        async (any, western, encoding, as) => {
          const rows = [['ref', 'sku', 'title'], ...(encoding === 'windows-1252' ? western : any)];
          const bytes = bytesOf(linesOf(rows, as), encoding, as.marks);
          const given = encoding === 'windows-1252' ? 'windows-1252' : 'utf-8';
          const expected = content(rows);
          expect(content(await cellsOf(bytes, given))).toEqual(expected);
          const path = join(directory, 'table.csv');
          await writeFile(path, bytes);
          expect(content(await cellsOf(path, given))).toEqual(expected);
        },
      ),
      { numRuns: 200, seed: 5 },
    );
  });

  it('is the same as CSV and as XLSX', async () => {
    await fc.assert(
      fc.asyncProperty(table(anyText), async (data) => {
        const rows = [['ref', 'sku', 'title'], ...data];
        const workbook = new exceljs.Workbook();
        workbook.addWorksheet('Data').addRows(rows);
        const expected = content(await cellsOf(Buffer.from(stringify(rows))));
        expect(content(await cellsOf(Buffer.from(await workbook.xlsx.writeBuffer())))).toEqual(expected);
        const path = join(directory, 'table.xlsx');
        await workbook.xlsx.writeFile(path);
        expect(content(await cellsOf(path))).toEqual(expected);
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  it('tells each row by the number that a spreadsheet shows', async () => {
    expect(
      (await read(Buffer.from('a,b\r\n\r\n1,2\n,\n3,"4\n5"\n6,7'))).rows.filter(({ cells }) => !cells.every(isBlank)),
    ).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['1', '2'] },
      { line: 5, cells: ['3', '4\n5'] },
      { line: 6, cells: ['6', '7'] },
    ]);
  });

  it('takes the separator that the file itself names', async () => {
    expect(await cellsOf(Buffer.from('\uFEFFsep=;\r\na;b,c\r\n1;2'))).toEqual([
      ['a', 'b,c'],
      ['1', '2'],
    ]);
  });
});

describe('a file that is no table', () => {
  it.each([
    ['not UTF-8', Buffer.from('a,b\n1,caf\xe9', 'latin1'), '--encoding windows-1252'],
    ['UTF-16 without a mark', Buffer.from('a,b\n1,2', 'utf16le'), 'UTF-16'],
    ['with a quotation mark that is not closed', Buffer.from('a,b\n1,"2\n3,4'), 'Row 2 has a quotation mark'],
    ['with a quotation mark inside', Buffer.from('a,b\n1,2\n3,4"5\n'), 'Row 3 has a quotation mark'],
    ['of one endless row', Buffer.from(`a,b\n1,"${'x'.repeat(200_000)}\n`), 'more than 100000 characters'],
    ['of one endless header', Buffer.from('x'.repeat(200_000)), 'more than 100000 characters'],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), '.xls'],
    ['half a workbook', Buffer.from('PK\u0003\u0004and then nothing'), 'damaged'],
    ['an archive of something else', zipOf({ 'readme.txt': 'nothing' }), 'damaged'],
  ])('%s is refused in words', async (_, bytes, words) => {
    expect(await error(bytes)).toContain(words);
  });

  it('may be empty', async () => {
    expect(await cellsOf(Buffer.alloc(0))).toEqual([]);
    expect(content(await cellsOf(Buffer.from('\uFEFF\r\n\r\n')))).toEqual([]);
  });

  it('keeps no cell that is longer than any value', async () => {
    const [, [cell = '']] = (await cellsOf(Buffer.from(`a,b\n${'x'.repeat(90_000)},1`))) as [string[], string[]];
    expect(cell).toBe(`${'x'.repeat(1_000)}…`);
  });
});

describe('a workbook', () => {
  const c = (reference: string, value: string, more = '') => `<c r="${reference}"${more}><v>${value}</v></c>`;
  const row = (cells: string) => `<row>${cells}</row>`;
  const sheet = (data: string, options = {}) => zipOf(workbookOf([{ name: 'Data', data }], options));

  it('is read at its first sheet that can be seen, by the order of its tabs', async () => {
    const { rows, sheet: name } = await read(
      zipOf(
        workbookOf([
          { name: 'Rahasia', data: row(c('A1', '1')), state: 'hidden' },
          { name: 'Pesanan', data: row(c('A1', '2')) },
          { name: 'Lain', data: row(c('A1', '3')) },
        ]),
      ),
    );
    expect([name, rows]).toEqual(['Pesanan', [{ line: 1, cells: [2] }]]);
  });

  it('may come from any program: names with a prefix, absolute paths, cells without their place, rich text', async () => {
    const texts =
      '<x:si><x:t>satu</x:t></x:si><x:si><x:r><x:t>d</x:t></x:r><x:r><x:t>ua</x:t></x:r><x:rPh><x:t>ni</x:t></x:rPh></x:si>';
    const data =
      '<x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c><x:c t="inlineStr"><x:is><x:t>tiga_x0021_</x:t></x:is></x:c></x:row>';
    const bytes = sheet(data, { prefix: 'x', root: '/xl/', texts });
    expect(await cellsOf(bytes)).toEqual([['satu', 'dua', 'tiga!']]);
  });

  it('has dates, flags, errors and results of formulas', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy\\ hh:mm"/><numFmt numFmtId="165" formatCode="0000000"/><numFmt numFmtId="166" formatCode="&quot;Rp&quot;#,##0"/></numFmts>' +
      '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs>';
    const cells = [
      c('A1', '46027', ' s="1"'),
      c('B1', '46027.402777777781', ' s="2"'),
      c('C1', '1', ' t="b"'),
      c('D1', '#N/A', ' t="e"'),
      '<c r="E1"><f>1+1</f><v>2</v></c>',
      '<c r="F1"><f>1+1</f></c>',
      c('G1', '4711', ' s="3"'),
      c('H1', '1250000', ' s="4"'),
    ];
    expect(await cellsOf(sheet(row(cells.join('')), { styles }))).toEqual([
      ['2026-01-05', '2026-01-05T09:40:00', 'true', '#N/A', 2, '#CALC!', '0004711', 1_250_000],
    ]);
  });

  it('does not hide that a long number has lost its digits', async () => {
    const numbers = ['577012345678901234', '5.7701234567890125E+17', '999999999999999', '1.1000000000000001'];
    const cells = numbers.map((number, index) => c(`${'ABCD'[index]}1`, number));
    expect(await cellsOf(sheet(row(cells.join(''))))).toEqual([
      ['5.77012345678901E+17', '5.77012345678901E+17', 999_999_999_999_999, 1.1],
    ]);
  });

  it('has rows as wide as its first', async () => {
    const data = `<row r="1">${c('A1', '1')}${c('C1', '3')}</row><row r="4">${c('B4', '2')}</row>`;
    expect((await read(sheet(data))).rows).toEqual([
      { line: 1, cells: [1, '', 3] },
      { line: 4, cells: ['', 2, ''] },
    ]);
  });

  it.each([
    [
      'an entry that says to be of 3 GB',
      () => zipOf(workbookOf([{ name: 'A', data: '' }]), { 'xl/worksheets/blatt1.xml': 3 * 2 ** 30 }),
    ],
    [
      'an entry that is larger than it says',
      () =>
        zipOf(workbookOf([{ name: 'A', data: row(c('A1', '1')).repeat(99_999) }]), { 'xl/worksheets/blatt1.xml': 100 }),
    ],
    ['one text without end', () => sheet('', { texts: `<si><t>${'x'.repeat(5 * 2 ** 20)}</t></si>` })],
    [
      'more texts than fit into memory',
      () => sheet('', { texts: `<si><t>${'x'.repeat(999)}</t></si>`.repeat(70_000) }),
    ],
    ['a cell far to the right', () => sheet(row(c('XFD1', '1')))],
  ])('cannot be a bomb: %s', async (_, bomb) => {
    expect(await error(bomb())).toMatch(/damaged|too large/);
  });

  it.each([
    ['is not looked at', ''],
    ['names another file', '[<!ENTITY it SYSTEM "file:///etc/hostname">]'],
    ['says what grows', '[<!ENTITY a "xxxxxxxxxx"><!ENTITY it "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]'],
  ])('with a document type that %s is refused, in whichever part it is', async (_, subset) => {
    const parts = workbookOf([{ name: 'A', data: row('<c r="A1" t="inlineStr"><is><t>it</t></is></c>') }]);
    expect(await error(zipOf(parts))).toBe('read');
    for (const [path, content] of Object.entries(parts)) {
      const told = subset === '' ? content : content.replace('<t>it</t>', '<t>&it;</t>');
      expect(await error(zipOf({ ...parts, [path]: `<!DOCTYPE x ${subset}>${told}` }))).toContain('damaged');
    }
  });
});

function linesOf(
  rows: readonly (readonly string[])[],
  {
    separator,
    lineEnds,
    blankRows,
    isQuoted,
    endsWithLineEnd,
  }: { separator: string; lineEnds: string[]; blankRows: number[]; isQuoted: boolean; endsWithLineEnd: boolean },
): string {
  const lines = rows.map((cells) =>
    stringify([cells], {
      delimiter: separator,
      record_delimiter: '',
      quoted_string: isQuoted,
      quoted_match: /[\r\n;,\t]/,
    }),
  );
  for (const index of blankRows)
    lines.splice(Math.min(index, lines.length), 0, index % 2 ? '' : `${separator} ${separator}`);
  return lines
    .map((line, index) => line + (index < lines.length - 1 || endsWithLineEnd ? lineEnds[index % lineEnds.length] : ''))
    .join('');
}

function bytesOf(text: string, encoding: string, marks: number): Buffer {
  const marked = '\uFEFF'.repeat(marks) + text;
  switch (encoding) {
    case 'utf-16le':
      return Buffer.from(`\uFEFF${text}`, 'utf16le');
    case 'utf-16be':
      return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
    case 'windows-1252':
      return Buffer.from(
        [...text].map((character) => ({ '€': 0x80, '–': 0x96 })[character] ?? character.charCodeAt(0)),
      );
    default:
      return Buffer.from(marked);
  }
}
