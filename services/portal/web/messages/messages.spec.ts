import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { formatter } from '@lingui/format-po';

type Catalog = Readonly<Record<string, { readonly translation?: string; readonly message?: string }>>;

const read = async (locale: string): Promise<Catalog> => {
  const file = new URL(`./${locale}.po`, import.meta.url);
  const context = { locale, sourceLocale: 'id', filename: file.pathname };
  return (await formatter().parse(readFileSync(file, 'utf8'), context)) as Catalog;
};
const [id, en] = [await read('id'), await read('en')];

/** `{amount}`, `{0, plural, …}` and `<0/>`: what is filled in. */
const placesIn = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)(?=[,}])|<\/?(\w+)\/?>/g)].map(([, name, tag]) => name ?? `<${tag}>`))].sort();

/** What follows a figure or a name in -s and is no plural of what is counted. */
const NOT_COUNTED = new Set(['as', 'begins', 'has', 'holds', 'is', 'its', 'less', 'owes', 'pays']);

/** `{sales} sales` is wrong of one; after "more than" there never is one. */
const countedWithoutPlural = (text: string): string[] =>
  [...text.matchAll(/(?<!more than )\{(\w+)\} (?:of |more )?([a-z]+s)\b/g)].flatMap(([, name, word = '']) =>
    NOT_COUNTED.has(word) || text.includes(`{${name}, plural`) ? [] : [`${word}: ${text}`],
  );

describe('sentences', () => {
  it('are the same in both languages', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(id).sort());
  });

  it('are said in English, every one of them', () => {
    const silent = Object.entries(en).filter(([, { translation }]) => !translation);
    expect(silent.map(([key]) => id[key]?.translation)).toEqual([]);
  });

  it('say the same things in both languages', () => {
    const different = Object.entries(en).filter(([key, { translation = '' }]) => {
      const source = id[key]?.translation || id[key]?.message || key;
      return placesIn(source).join() !== placesIn(translation).join();
    });
    expect(different.map(([, { translation }]) => translation)).toEqual([]);
  });

  it('say of one what is said of one, in English', () => {
    const said = Object.values(en).map(({ translation = '' }) => translation);
    expect(said.flatMap(countedWithoutPlural)).toEqual([]);
    const plurals = (text: string) => [text.match(/, plural, /g)?.length, text.match(/\bone \{/g)?.length];
    expect(said.filter((text) => plurals(text)[0] !== plurals(text)[1])).toEqual([]);
    expect(countedWithoutPlural('{0} sales')).toEqual(['sales: {0} sales']);
  });
});
