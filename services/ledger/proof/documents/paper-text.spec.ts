import { inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import PDFDocument from 'pdfkit';
import { drawText, heightOfText, registerFonts } from './paper-text.ts';

const WIDTH = 180;

/** The texts of a page as its reader can copy them, and the glyphs that are drawn, by their number in their font. */
async function paperOf(texts: readonly string[]): Promise<{ glyphs: string[]; bytes: Buffer }> {
  const document = new PDFDocument({ size: 'A4', margin: 20 });
  const parts: Buffer[] = [];
  document.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise((resolve) => document.once('end', resolve));
  registerFonts(document);
  let y = 20;
  for (const text of texts) {
    const options = { size: 9, width: WIDTH };
    if (y + heightOfText(document, text, options) > 800) {
      document.addPage();
      y = 20;
    }
    drawText(document, text, 20, y, options);
    y += heightOfText(document, text, options);
  }
  document.end();
  await ended;
  const bytes = Buffer.concat(parts);
  return { bytes, glyphs: glyphsOf(bytes) };
}

function glyphsOf(pdf: Buffer): string[] {
  return streamsOf(pdf)
    .flatMap((content) => [...content.matchAll(/\[([^\]]*)\] TJ/g)])
    .flatMap(([, shown = '']) => [...shown.matchAll(/<([0-9a-f]*)>/g)])
    .flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
}

function streamsOf(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  return [...text.matchAll(/\/Length (\d+)\n\/Filter \/FlateDecode\n>>\nstream\n/g)].map((match) => {
    const start = match.index + match[0].length;
    return inflateSync(pdf.subarray(start, start + Number(match[1]))).toString('latin1');
  });
}

/** What its tables of characters say that is drawn, in no order. */
function charactersOf(pdf: Buffer): Set<string> {
  const maps = streamsOf(pdf).filter((stream) => stream.includes('begincmap'));
  const hex = maps.flatMap((map) => [...map.matchAll(/<([0-9a-f ]+)>/g)]).map(([, digits = '']) => digits);
  return new Set(
    hex.flatMap((digits) => [...Buffer.from(digits.replaceAll(' ', ''), 'hex').swap16().toString('utf16le')]),
  );
}

describe('a text on paper', () => {
  it.each([
    ['Javanese', 'ꦲꦤꦕꦫꦏ ꦥꦿ'],
    ['Balinese', 'ᬩᬮᬶ'],
    ['Sundanese', 'ᮞᮥᮔ᮪ᮓ'],
    ['Batak', 'ᯅᯖᯂ᯲'],
    ['Buginese', 'ᨅᨔ ᨕᨘᨁᨗ'],
    ['Arabic', 'لوت ١٢'],
    ['Devanagari', 'हिन्दी'],
    ['Han', '漢字'],
    ['Hangul', '한국'],
    ['Thai', 'กระเป๋า'],
    ['emoji', '🎨👩‍🎨'],
    ['Latin with marks', 'café cafe\u0301 Đặng'],
  ])('in %s is drawn by a font that has it', async (_, text) => {
    const { glyphs, bytes } = await paperOf([text]);
    expect(glyphs.length).toBeGreaterThan(0);
    expect(glyphs).not.toContain('0000');
    const written = charactersOf(bytes);
    for (const character of text.replaceAll('\u200d', '')) expect(written).toContain(character);
  });

  it.each([
    ['a no-break space', 'A\u00a0B', '[U+00A0]'],
    ['a zero-width space', 'A\u200bB', '[U+200B]'],
    ['a character of private use', '\ue000', '[U+E000]'],
    ['half a character', '\ud83c', '[U+D83C]'],
    ['a control character', '\u0007', '[U+0007]'],
    ['one that has not been assigned', '\u{e0fff}', '[U+E0FFF]'],
  ])('names %s, which nobody could see', async (_, text, name) => {
    const { glyphs, bytes } = await paperOf([text]);
    expect(glyphs).toHaveLength(name.length + text.replace(/[^AB]/g, '').length);
    const written = charactersOf(bytes);
    for (const character of name) expect(written).toContain(character);
  });

  it('never has a blank box, whatever it holds', async () => {
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { numRuns: 60, seed: 9 });
    const { glyphs } = await paperOf([
      ...texts,
      ...fc.sample(fc.string({ unit: 'grapheme' }), { numRuns: 60, seed: 9 }),
    ]);
    expect(glyphs.length).toBeGreaterThan(300);
    expect(glyphs).not.toContain('0000');
  });

  it('takes the lines that it needs, and no more than a page has room for', async () => {
    const document = new PDFDocument();
    registerFonts(document);
    const heightOf = (text: string) => heightOfText(document, text, { size: 10, width: 100 });
    expect(heightOf('satu')).toBe(13);
    expect(heightOf('satu '.repeat(10))).toBe(39);
    expect(heightOf('x'.repeat(10_000))).toBe(20 * 13);
    document.end();
  });

  it('runs in its own direction, also between texts of the other one', async () => {
    const alone = await paperOf(['ابج']);
    const between = await paperOf(['L ابج R']);
    const inside = between.glyphs.slice(2, -2);
    expect(inside).toHaveLength(alone.glyphs.length);
    const words = await paperOf(['ابج دهو']);
    const [first, second] = [await paperOf(['دهو']), alone];
    expect(words.glyphs).toHaveLength(first.glyphs.length + 1 + second.glyphs.length);
  });
});
