import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from './json.ts';
import type { Problem } from './problem.ts';

function refusal(text: string | Buffer) {
  try {
    parseJson(Buffer.from(text as string));
    return 'taken';
  } catch (error) {
    return (error as Problem).problem.errors?.[0];
  }
}

it('an object is what JSON.parse says, and refused if it is not JSON', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((any) => !any.includes('\0') && !(any in Object.prototype));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(null, true, false),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
      fc.oneof(text, fc.constantFrom('\\', '"', '\\"', '{', '[', ',', ':', '\u2028')),
      fc.array(tie('value')),
      fc.dictionary(text, tie('value')),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(text, value), fc.constantFrom(undefined, 1, '\t'), (object, indent) => {
      const written = JSON.stringify(object, null, indent);
      expect(parseJson(Buffer.from(written))).toEqual(JSON.parse(written));
      expect(refusal(written.slice(0, -1))).toMatchObject({ field: 'body' });
    }),
  );
});

it('a member that is named twice, anywhere and in any spelling, is named', () => {
  fc.assert(
    fc.property(
      fc.string().filter((name) => !(name in Object.prototype) && !name.includes('\0')),
      fc.oneof(
        fc.integer(),
        fc.array(fc.boolean()),
        fc.record({ a: fc.string().filter((text) => !text.includes('\0')) }),
      ),
      (name, value) => {
        const escaped = [...name].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
        const member = (spelled: string) => `${spelled}:${JSON.stringify(value)}`;
        const twice = `{${member(JSON.stringify(name))},${member(`"${escaped}"`)}}`;
        expect(refusal(`{"lines":[1,${twice}]}`)).toEqual({
          field: `lines.1.${name}`,
          code: 'named-twice',
          message: { en: 'is named twice', id: 'disebut dua kali' },
        });
      },
    ),
  );
});

describe('refused, by name:', () => {
  it.each([
    ['null', 'null', 'body'],
    ['a list', '[{}]', 'body'],
    ['a text', '"{}"', 'body'],
    ['a number', '1', 'body'],
    ['nothing', ' ', 'body'],
    ['two objects', '{}{}', 'body'],
    ['a number that is none', '{"a":01}', 'body'],
    ['a comma too many', '{"a":1,}', 'body'],
    ['a byte that is no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'body'],
    ['half a character of UTF-8', Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]), 'body'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'body'],
    ['a prototype', '{"a":{"__proto__":{"b":1}}}', 'a.__proto__'],
    ['a constructor', '{"constructor":{"prototype":{}}}', 'constructor'],
    ['an escaped prototype', '{"\\u005f_proto__":1}', '__proto__'],
    ['a method of every object', '{"a":[{"toString":1}]}', 'a.0.toString'],
    ['half a character', '{"a":[0,"\\ud83d"]}', 'a.1'],
    ['half a character in a name', '{"\\udc00":1}', '\udc00'],
    ['a zero character', '{"a":"x\\u0000"}', 'a'],
    ['a zero character behind a backslash', '{"a":"\\\\\\u0000"}', 'a'],
  ])('%s', (_, text, field) => {
    expect(refusal(text)).toEqual({
      field,
      code: expect.any(String),
      message: { en: expect.any(String), id: expect.any(String) },
    });
  });

  it('what is nested without end, in no time', () => {
    const started = performance.now();
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = `{"a":${open.repeat(100_000)}1${close.repeat(100_000)}}`;
      expect(refusal(deep)).toMatchObject({ code: 'too-deep' });
    }
    expect(refusal(`{"a":${'['.repeat(31)}${']'.repeat(31)}}`)).toBe('taken');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

it('a mark of byte order is passed over, and what looks like an escape is none', () => {
  expect(parseJson(Buffer.from('\ufeff{"a":"\\\\u0000"}'))).toEqual({ a: '\\u0000' });
});
