import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import bidiFactory from 'bidi-js';
import * as fontkit from 'fontkit';
import type PDFDocument from 'pdfkit';
import { sfntOfWoff } from './woff.ts';

/*
 * Texts of others on paper: references, lots and names may be in any script. Each character is drawn by the first font
 * that has it, each script in its direction; what no font has, and what would be invisible, is named: `[U+E000]`.
 */

type Document = InstanceType<typeof PDFDocument>;
export type Weight = 'text' | 'strong';

export interface TextOptions {
  /** Points. */
  readonly size: number;
  readonly weight?: Weight;
  readonly width: number;
  readonly align?: 'left' | 'right';
}

const LINE_HEIGHT = 1.3;
/** A text of more lines says nothing to anybody; its end is cut off with an ellipsis. */
const LINES_MAX = 20;

const fontFile = (path: string) => fileURLToPath(import.meta.resolve(path));
const sourceSans = (weight: string) => fontFile(`@expo-google-fonts/source-sans-3/${weight}/SourceSans3_${weight}.ttf`);
const notoSans = (script: string) =>
  fontFile(`@fontsource/noto-sans-${script}/files/noto-sans-${script}-${script}-400-normal.woff`);

/** The last one has almost every character of Unicode, but knows no script's rules. */
const fontFiles: Readonly<Record<string, string>> = {
  text: sourceSans('400Regular'),
  strong: sourceSans('600SemiBold'),
  javanese: notoSans('javanese'),
  balinese: notoSans('balinese'),
  sundanese: notoSans('sundanese'),
  buginese: notoSans('buginese'),
  arabic: notoSans('arabic'),
  devanagari: notoSans('devanagari'),
  all: fontFile('@fontsource/unifontex/files/unifontex-latin-400-normal.woff'),
};
const fallbacks = Object.keys(fontFiles).filter((name) => name !== 'text' && name !== 'strong');

const loaded = new Map<string, { readonly bytes: Buffer; readonly font: fontkit.Font }>();
const graphemes = new Intl.Segmenter('id', { granularity: 'grapheme' });
const bidi = bidiFactory();

/** What a reader sees as one character, and the font that draws it. */
interface Cluster {
  readonly text: string;
  readonly font: string;
}

/** The fonts of our own words, under the names of their weights; those of other scripts join when they are needed. */
export function registerFonts(document: Document): void {
  for (const name of ['text', 'strong']) document.registerFont(name, load(name).bytes);
}

/** Draws a text in as many lines as it takes, from its upper left (or right) corner. */
export function drawText(document: Document, text: string, x: number, y: number, options: TextOptions): void {
  const { size, weight = 'text', width, align = 'left' } = options;
  const ascender = (fontOf(weight).ascent / fontOf(weight).unitsPerEm) * size;
  for (const [index, line] of linesOf(document, text, options).entries()) {
    const runs = visualRuns(line);
    const widths = runs.map((run) => widthOf(document, run, size));
    let left = align === 'left' ? x : x + width - widths.reduce((sum, each) => sum + each, 0);
    const baseline = y + ascender + index * size * LINE_HEIGHT;
    for (const [position, run] of runs.entries()) {
      use(document, run.font).fontSize(size);
      document.text(run.text, left, baseline, { lineBreak: false, baseline: 'alphabetic', ...shaping(run.font) });
      left += widths[position] ?? 0;
    }
  }
}

/** The height that drawText takes, in points. */
export function heightOfText(document: Document, text: string, options: TextOptions): number {
  return linesOf(document, text, options).length * options.size * LINE_HEIGHT;
}

function linesOf(document: Document, text: string, { size, weight = 'text', width }: TextOptions): Cluster[][] {
  const whole = { text, font: weight };
  if (/^[\x20-\x7e]*$/.test(text) && widthOf(document, whole, size) <= width) return [[whole]];
  const lines: Cluster[][] = [];
  let line: Cluster[] = [];
  let lineWidth = 0;
  for (const cluster of clustersOf(text, weight)) {
    const clusterWidth = widthOf(document, cluster, size);
    if (line.length > 0 && lineWidth + clusterWidth > width) {
      if (lines.length === LINES_MAX - 1) {
        line.splice(-1, 1, { text: '…', font: weight });
        break;
      }
      const lastBlank = cluster.text === ' ' ? line.length : line.findLastIndex((each) => each.text === ' ') + 1;
      const end = lastBlank > 0 ? lastBlank : line.length;
      const rest = line.slice(end);
      lines.push(line.slice(0, end));
      line = rest;
      lineWidth = rest.reduce((sum, each) => sum + widthOf(document, each, size), 0);
    }
    line.push(cluster);
    lineWidth += clusterWidth;
  }
  return [...lines, line];
}

function clustersOf(text: string, weight: Weight): Cluster[] {
  return [...graphemes.segment(text)].flatMap(({ segment }) => {
    const font = [weight, ...fallbacks].find((name) => canDraw(name, segment));
    return font === undefined ? named(segment, weight) : { text: drawn(segment, font), font };
  });
}

/** Marks of a cluster that are not drawn themselves. */
const JOINERS = /[\u200C\u200D]/gu;
const SELECTORS = /[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/gu;
const INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

function canDraw(font: string, cluster: string): boolean {
  const shown = cluster.replace(SELECTORS, '').replace(JOINERS, '');
  if (shown === ' ') return true;
  if (shown === '' || INVISIBLE.test(shown)) return false;
  return [...shown].every((character) => fontOf(font).hasGlyphForCodePoint(character.codePointAt(0) ?? 0));
}

/** Scripts that join their letters need the joiners; other fonts would draw them. */
function drawn(cluster: string, font: string): string {
  const withoutSelectors = cluster.replace(SELECTORS, '');
  const shapes = font !== 'all' && fontOf(font).hasGlyphForCodePoint(0x200d);
  return shapes ? withoutSelectors : withoutSelectors.replace(JOINERS, '');
}

function named(cluster: string, font: string): Cluster[] {
  return [...cluster].map((character) => {
    const digits = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return { text: `[U+${digits}]`, font };
  });
}

/** A line from left to right as it is seen: pieces of one font and one direction (Unicode's bidirectional algorithm). */
function visualRuns(line: readonly Cluster[]): Cluster[] {
  const text = line.map((cluster) => cluster.text).join('');
  const { levels } = bidi.getEmbeddingLevels(text, 'ltr');
  const runs: { text: string; font: string; level: number }[] = [];
  let index = 0;
  for (const cluster of line) {
    const level = levels[index] ?? 0;
    const isReversed = level % 2 === 1;
    const shown = (isReversed && bidi.getMirroredCharacter(cluster.text)) || cluster.text;
    const last = runs.at(-1);
    index += cluster.text.length;
    if (!last || last.font !== cluster.font || last.level !== level)
      runs.push({ text: shown, font: cluster.font, level });
    // Letters that run from right to left are put in order with their font; brackets and the like are not.
    else if (isReversed && !fallbacks.includes(cluster.font)) last.text = shown + last.text;
    else last.text += shown;
  }
  const highest = Math.max(0, ...runs.map(({ level }) => level));
  for (let level = highest; level > 0; level -= 1) reverseSpans(runs, (run) => run.level >= level);
  return runs;
}

function reverseSpans<Item>(items: Item[], belongs: (item: Item) => boolean): void {
  for (let start = 0; start < items.length; start += 1) {
    let end = start;
    while (end < items.length && belongs(items[end] as Item)) end += 1;
    items.splice(start, end - start, ...items.slice(start, end).reverse());
    start = Math.max(start, end);
  }
}

function widthOf(document: Document, { text, font }: Cluster, size: number): number {
  return use(document, font).fontSize(size).widthOfString(text, shaping(font));
}

/** Features, even none, make a run one piece; else it is put together word by word, from left to right, which is fast. */
function shaping(font: string): { features?: [] } {
  return fallbacks.includes(font) ? { features: [] } : {};
}

function use(document: Document, font: string): Document {
  if (fallbacks.includes(font)) document.registerFont(font, load(font).bytes);
  return document.font(font);
}

function fontOf(name: string): fontkit.Font {
  return load(name).font;
}

function load(name: string) {
  const known = loaded.get(name);
  if (known) return known;
  const file = fontFiles[name] ?? '';
  const bytes = file.endsWith('.woff') ? sfntOfWoff(readFileSync(file)) : readFileSync(file);
  const font = { bytes, font: fontkit.create(bytes) as fontkit.Font };
  loaded.set(name, font);
  return font;
}
