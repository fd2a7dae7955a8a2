/** What people, programs and attackers send, from what an operation takes: each input of a seed is the same again. */
import { gzipSync } from 'node:zlib';
import type { Random } from '../faults/random.ts';
import type { Api, Operation, Schema } from './openapi.ts';
import type { Asked } from './request.ts';
import type { World } from './world.ts';

export interface Input {
  readonly operation: Operation;
  readonly asked: Asked;
  /** It has to be refused: an answer that it was taken is wrong as well. */
  readonly refused: boolean;
  /** What was done to a request that should be taken. */
  readonly how: readonly string[];
}

/** While an input is made. */
interface Draft {
  method: string;
  path: string;
  query: [string, string][];
  headers: [string, string][];
  body: unknown;
  /** In place of `body`. */
  raw?: string | Buffer;
  refused: boolean;
}

interface Maker {
  readonly random: Random;
  readonly api: Api;
  readonly world: World;
  readonly operation: Operation;
}

const deep = (levels: number): unknown => Array.from({ length: levels }).reduce((inner) => [inner], 1 as unknown);

const TEXTS = [
  ...['', ' ', '\t', 'null', 'undefined', 'NaN', '-1', '0', '1e3', '1.5', '0x10', 'true', '[]', '{}', '٣'],
  ...[
    '\0',
    'a\0b',
    '\ud83d',
    '\udc00\ud83d',
    '\ufeff',
    '\u202e',
    '\u200b',
    '\u00a0F-1',
    'F-1 ',
    'e\u0301',
    '👩🏽‍🏭',
    'ꦧꦠꦶꦏ꧀',
  ],
  ...["'; DROP TABLE journal; --", '1 OR 1=1', "' UNION SELECT 1", '$1', '\\', '%', '%s%n', '{{7*7}}'],
  ...['\n{"level":"info","msg":"forged"}', '\r\nX-Forged: 1', '\u001b[2J', '\u2028'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '../../etc/passwd', '=1+1', '<script>'],
  ...[
    '0000-01-01T00:00:00Z',
    '2026-02-30',
    '2026-01-31',
    '2026-01-31T23:40:00',
    '2026-13',
    '2026',
    '9999-12-31T23:59:60Z',
  ],
  ...['-000001-01-01T00:00:00Z', '+275760-09-13T00:00:01Z', '2062-01-01T00:00:00+07:00', '2026-01-01T00:00:00+99:99'],
  ...['a'.repeat(300), 'a'.repeat(100_000), '"'.repeat(500), '٣'.repeat(200), '-'.repeat(64)],
  ...['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '99999999999999999999'],
];

const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 1.5, -0.1, 1e21, 1e308, 2 ** 31, 2 ** 53 - 1, 2 ** 53 + 2, -(2 ** 53), 5e-324],
  ...[[], {}, [[]], [null], [{}], [1, 'a', null], { 0: 1 }, { length: 3 }, { length: -1 }, { $ne: 1 }, { toJSON: 1 }],
  ...[deep(20), deep(40), deep(500), Array(5_000).fill(0), Array(500).fill({})],
];

const CURSORS = [
  ...['x', '====', 'bm8', Buffer.from('hello').toString('base64url'), Buffer.from('{}').toString('base64url')],
  ...[
    '{"accounts":[],"position":0,"version":0,"balance":0}',
    '{"accounts":{},"position":"a"}',
    'null',
    '[]',
    '\0',
    '1',
    '-1',
    'a b c',
    '1e400',
  ].map((text) => Buffer.from(text).toString('base64url')),
  ...[Buffer.from([0xff, 0xfe, 0xfd]).toString('base64url'), 'A'.repeat(4_000), '%00', '%ff'],
];

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
  'M-SEARCH',
  'PURGE',
  'FUZZ',
];

const PATHS = [
  ...[
    '/',
    '//',
    '/v1',
    '/v1/',
    '/v2/journals',
    '/v1//journals',
    '/V1/JOURNALS/',
    '/v1/journals/',
    '/v1/./journals',
    '/v1/%6aournals',
  ],
  ...[
    '/v1/../health/live',
    '/v1/journals/%00',
    '/v1/journals/%ff',
    '/v1/journals/%',
    '/v1/journals/%E0%A4%A',
    '/v1/journals/..%2f..',
    '/.git/config',
  ],
  ...[
    '/v1/accounts/%F0%9F%98%80',
    `/v1/${'a'.repeat(5_000)}`,
    '/v1/journals;a=1',
    '/v1/orders/a%2Fb/c',
    '/health/live',
    '/docs/../docs-json',
    '/docs-json',
  ],
];

const HEADERS: readonly (readonly [string, string])[] = [
  ...['', 'text/html', 'image/*', 'application/xml', '*/*;q=0', ';;;', 'a'.repeat(3_000)].map(
    (value) => ['accept', value] as const,
  ),
  ...['id', 'en;q=0', 'xx-YY', '*', ',,,;q=9', 'id-ID-u-co-phonebk', 'a'.repeat(3_000)].map(
    (value) => ['accept-language', value] as const,
  ),
  ...['', 'none', 'A'.repeat(3_000), '\xff', "'; DROP TABLE journal; --"].map(
    (value) => ['x-correlation-id', value] as const,
  ),
  ...[
    '',
    '00-0-0-0',
    `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`,
    'f'.repeat(3_000),
    `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  ].map((value) => ['traceparent', value] as const),
  ...['', ' ', '""', '"a', 'a, b', 'k'.repeat(201), '\xe9', '__proto__'].map(
    (value) => ['idempotency-key', value] as const,
  ),
  ['accept-encoding', 'gzip;q=2, *;q=0'],
  ['range', 'bytes=0-1, 5-'],
  ['if-none-match', '*'],
  ['if-modified-since', 'yesterday'],
  ['x-http-method-override', 'DELETE'],
  ['cookie', 'a=b; '.repeat(500)],
  ['forwarded', 'for=_x;proto=gopher'],
  ['host', 'elsewhere.example'],
];

const BODIES = [
  ...['', 'null', '[]', '[{}]', '1', '"a"', 'true', '{', '{"a":}', '{}{}', "{'a':1}", 'a=1', '{"a":1e999}', '\ufeff'],
  ...[
    '{"\\ud800":1}',
    '['.repeat(20_000),
    `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    `{"a":"${'a'.repeat(1_100_000)}"}`,
  ],
];

const PARAMETERS = [
  'unknown',
  'limit[]',
  'limit[a]',
  '__proto__',
  'constructor',
  'a%00b',
  '%F0%9F%98%80',
  'from[$gt]',
  '',
];

const CONTENT_ENCODING = 'content-encoding';

const TYPES = [
  '',
  'json',
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/json; charset=',
  'application/json;;;',
];

/** A request that should be taken, as far as a document can say. */
export function soundInput(maker: Maker): Input {
  return { operation: maker.operation, asked: askedBy(soundDraft(maker)), refused: false, how: [] };
}

/** A request to any operation, and something that is done to it. */
export function malformedInput(maker: Omit<Maker, 'operation'>): Input {
  const { random, api } = maker;
  const operation = random.pick(api.operations);
  const draft = soundDraft({ ...maker, operation });
  const done = new Map<Part, string>();
  for (let times = random.pick([1, 1, 1, 1, 2, 3]); times > 0; times -= 1) {
    const { what, part, malform } = random.pick(malformations);
    if (!done.has(part) && malform(draft, { ...maker, operation }) !== false) done.set(part, what);
  }
  return { operation, asked: askedBy(draft), refused: draft.refused && !done.has('route'), how: [...done.values()] };
}

function askedBy({ method, path, query, headers, body, raw }: Draft): Asked {
  return { method, path, query, headers, body: raw ?? (body === undefined ? undefined : JSON.stringify(body)) };
}

function soundDraft({ random, api, world, operation }: Maker): Draft {
  const draft: Draft = {
    method: operation.method,
    path: operation.path,
    query: [],
    headers: [],
    body: undefined,
    refused: false,
  };
  for (const { name, in: place, required, schema } of operation.parameters) {
    if (place !== 'path' && !required && random.chance(0.6)) continue;
    const list = operation.path.slice(0, operation.path.indexOf(`/{${name}}`));
    const known =
      place === 'path' && random.chance(0.9) ? (world.pick(random, list) ?? world.pick(random, name)) : undefined;
    const value = String(known ?? api.sample(random, world, name, schema));
    if (place === 'path') draft.path = draft.path.replace(`{${name}}`, encoded(value));
    if (place === 'query') draft.query.push([name, encoded(value)]);
    if (place === 'header')
      draft.headers.push([name.toLowerCase(), name === 'Idempotency-Key' ? `fuzz-${random.next()}` : value]);
  }
  if (operation.body) {
    const { examples } = operation;
    const isExample = examples.length > 0 && random.chance(0.5);
    draft.body = isExample ? structuredClone(random.pick(examples)) : api.sample(random, world, '', operation.body);
    draft.headers.push(['content-type', 'application/json']);
  }
  return draft;
}

/** Of a request; each is malformed once, so that what was done to it is not undone. */
type Part = 'body' | 'query' | 'path' | 'headers' | 'route';

interface Malformation {
  readonly what: string;
  readonly part: Part;
  /** @returns false when there is nothing that it could be done to */
  malform(draft: Draft, maker: Maker): boolean | undefined;
}

const malformations: readonly Malformation[] = [
  ofBody('another value', (draft, { random, api, operation }) => {
    const places = placesOf(api, draft.body, operation.body);
    if (places.length === 0) return false;
    const { holder, key, schema } = random.pick(places);
    const value = random.chance(0.5) ? random.pick(VALUES) : random.pick(TEXTS);
    holder[key] = value;
    return isOfAnotherType(value, schema);
  }),
  ofBody('a member less', (draft, { random, api, operation }) => {
    const places = placesOf(api, draft.body, operation.body).filter(({ holder }) => !Array.isArray(holder));
    if (places.length === 0) return false;
    const { holder, key, required } = random.pick(places);
    delete holder[key];
    return required;
  }),
  ofBody('a member more', (draft, { random }) => {
    const name = random.pick(['unknown', '', '$where', 'é', 'a.b', 'length2']);
    (draft.body as Record<string, unknown>)[name] = random.pick(VALUES);
    return true;
  }),
  ofBody('a name that every object has', (draft, { random }) => {
    const name = random.pick(['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty']);
    draft.raw = withMember(
      draft.body,
      `"${name}":${JSON.stringify(random.pick<unknown>([1, {}, { constructor: 1 }, null]))}`,
    );
    return true;
  }),
  ofBody('a member twice', (draft) => {
    const [name = 'a'] = Object.keys(draft.body as object);
    draft.raw = withMember(draft.body, `${JSON.stringify(name)}:1`);
    return true;
  }),
  ofBody('another body', (draft, { random }) => {
    draft.raw = random.pick(BODIES);
    return draft.raw !== '';
  }),
  ofBody('broken bytes', (draft, { random }) => {
    const bytes = Buffer.from(JSON.stringify(draft.body));
    const at = random.whole(0, bytes.length - 1);
    const broken = random.pick([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0], [0x22], [0x5c]]);
    draft.raw = Buffer.concat([bytes.subarray(0, at), Buffer.from(broken), bytes.subarray(at)]);
    return false;
  }),
  ofBody('cut off', (draft, { random }) => {
    const text = JSON.stringify(draft.body);
    draft.raw = text.slice(0, random.whole(1, text.length - 1));
    return true;
  }),
  ofBody('another encoding', (draft, { random }) => {
    const bytes = JSON.stringify(draft.body);
    const [encoding, raw, refused] = random.pick<readonly [string, string | Buffer, boolean]>([
      ['gzip', gzipSync(bytes), false],
      ['gzip', bytes, true],
      ['gzip', gzipSync(`{"a":"${'a'.repeat(5_000_000)}"}`), !draft.path.startsWith('/v1/imports')],
      ['deflate', bytes, true],
      ['br', bytes, true],
      ['compress', bytes, true],
      ['gzip, gzip', gzipSync(gzipSync(bytes)), true],
      ['identity', bytes, false],
      ['', bytes, false],
    ]);
    draft.raw = raw;
    draft.headers.push([CONTENT_ENCODING, encoding]);
    return refused;
  }),
  {
    what: 'another type of the body',
    part: 'headers',
    malform: (draft, { random, operation }) => {
      if (!operation.body) return false;
      draft.headers = [
        ...draft.headers.filter(([name]) => name !== 'content-type'),
        ['content-type', random.pick(TYPES)],
      ];
      return true;
    },
  },
  {
    what: 'another header',
    part: 'headers',
    malform: (draft, { random }) => {
      const header = random.pick(HEADERS);
      draft.headers = [...draft.headers.filter(([name]) => name !== header[0]), [...header]];
      return true;
    },
  },
  {
    what: 'a header twice',
    part: 'headers',
    malform: (draft, { random }) => {
      const headers = draft.headers.filter(([name]) => name !== CONTENT_ENCODING);
      if (headers.length === 0) return false;
      const [name, value] = random.pick(headers);
      draft.headers.push([name, random.pick([value, 'other'])]);
      return true;
    },
  },
  {
    what: 'a header less',
    part: 'headers',
    malform: (draft, { random }) => {
      const headers = draft.headers.filter(([name]) => name !== CONTENT_ENCODING);
      if (headers.length === 0) return false;
      const gone = random.pick(headers);
      draft.headers = draft.headers.filter((header) => header !== gone);
      return true;
    },
  },
  {
    what: 'another parameter in the query',
    part: 'query',
    malform: (draft, { random, operation }) => {
      const names = operation.parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name);
      if (names.length === 0) return false;
      const name = random.pick(names);
      const value = name === 'cursor' ? random.pick(CURSORS) : encoded(random.pick(TEXTS).slice(0, 3_000));
      draft.query = [...draft.query.filter(([other]) => other !== name), [name, value]];
      return true;
    },
  },
  {
    what: 'a parameter twice',
    part: 'query',
    malform: (draft, { random }) => {
      if (draft.query.length === 0) return false;
      const [name] = random.pick(draft.query);
      draft.query.push([name, random.pick(['1', '', 'a'])]);
      draft.refused = true;
      return true;
    },
  },
  {
    what: 'a parameter more',
    part: 'query',
    malform: (draft, { random }) => {
      draft.query.push([random.pick(PARAMETERS), random.pick(['', '1', 'a'])]);
      draft.refused = true;
      return true;
    },
  },
  {
    what: 'another value in the path',
    part: 'path',
    malform: (draft, { random, operation }) => {
      const places = operation.path.split('/').flatMap((part, index) => (part.startsWith('{') ? [index] : []));
      if (places.length === 0) return false;
      const parts = draft.path.split('/');
      const text = encoded(random.pick(TEXTS).slice(0, 3_000));
      parts[random.pick(places)] = random.pick([text, text, text, '%00', '%', '%ff', '%E0%A4%A', '1%2F2', '%2e%2e']);
      draft.path = parts.join('/');
      return true;
    },
  },
  {
    what: 'another path',
    part: 'route',
    malform: (draft, { random }) => {
      draft.path = random.pick(PATHS);
      return true;
    },
  },
  {
    what: 'another method',
    part: 'route',
    malform: (draft, { random }) => {
      draft.method = random.pick(METHODS);
      return true;
    },
  },
];

/** @param malform tells whether what it has made has to be refused */
function ofBody(what: string, malform: (draft: Draft, maker: Maker) => boolean): Malformation {
  return {
    what: `${what} in the body`,
    part: 'body',
    malform: (draft, maker) => {
      if (!isObject(draft.body)) return false;
      draft.refused ||= malform(draft, maker);
      return true;
    },
  };
}

interface Place {
  // biome-ignore lint/suspicious/noExplicitAny: any place of any JSON
  readonly holder: any;
  readonly key: string | number;
  readonly schema: Schema;
  readonly required: boolean;
}

/** Where the body has values, with what its document says of them. */
function placesOf(api: Api, value: unknown, given: Schema | undefined): Place[] {
  const schema = api.resolve(given);
  if (Array.isArray(value)) {
    return value.flatMap((each, key) => [
      { holder: value, key, schema: api.resolve(schema.items), required: false },
      ...placesOf(api, each, schema.items),
    ]);
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    const member = schema.properties?.[key];
    const required = schema.required?.includes(key) ?? false;
    return [{ holder: value, key, schema: api.resolve(member), required }, ...placesOf(api, each, member)];
  });
}

function isOfAnotherType(value: unknown, schema: Schema): boolean {
  const { type, enum: choices, nullable, alternatives = [] } = schema;
  if (value !== null && alternatives.length > 1) return alternatives.every((each) => isOfAnotherType(value, each));
  if (value === null) return type !== undefined && !nullable;
  if (choices) return !choices.includes(value);
  switch (type) {
    case 'integer':
      return !Number.isInteger(value);
    case 'array':
      return !Array.isArray(value);
    case 'object':
      return !isObject(value);
    case 'string':
    case 'boolean':
    case 'number':
      return typeof value !== type;
    default:
      return false;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withMember(body: unknown, member: string): string {
  const text = JSON.stringify(body) ?? '{}';
  if (!isObject(body)) return `{${member}}`;
  return text === '{}' ? `{${member}}` : `${text.slice(0, -1)},${member}}`;
}

/** As a URL carries it; half a character in the three bytes that some programs write for it. */
function encoded(text: string): string {
  return text.isWellFormed()
    ? encodeURIComponent(text)
    : text.replace(/[\ud800-\udfff]/g, '%ED%A0%80').replace(/[^%\w]/g, '');
}
