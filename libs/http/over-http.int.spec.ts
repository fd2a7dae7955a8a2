import 'reflect-metadata';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import type { Response as Reply } from 'express';
import pg from 'pg';
import { Public } from '#libs/access';
import { Database } from '#libs/database';
import { createDatabase } from '../../test/kit/database.ts';
import { type Served, serve } from '../../test/kit/http.ts';
import { eventually } from '../../test/kit/service.ts';
import { TakesUpTo } from './body.guard.ts';
import { httpMigrations } from './migrations/index.ts';
import { PageQuery } from './page.ts';
import { sendStream } from './send-stream.ts';

class NoteDto {
  @IsString()
  text!: string;

  @IsOptional()
  extra?: unknown;
}

const PART = 'x'.repeat(40_000);

@Controller('v1')
class NotesController {
  constructor(private readonly database: Database) {}

  @Public()
  @Post('notes')
  write(@Body() { text }: NoteDto) {
    return { text };
  }

  @Public()
  @TakesUpTo(268_435_456, 600)
  @Post('imports')
  import(@Body() { text }: NoteDto) {
    return { length: text.length };
  }

  @Public()
  @Get('notes')
  list(@Query() { limit }: PageQuery) {
    return { limit };
  }

  @Public()
  @Get('notes/:name')
  find(@Param('name') name: string) {
    return { name };
  }

  /** A transaction that says so many parts, each asked of the database. */
  @Public()
  @Get('notes/:parts/file')
  file(@Param('parts') parts: string, @Res() response: Reply): Promise<void> {
    return this.database.transaction(({ query }) => {
      async function* source(): AsyncGenerator<string> {
        for (let part = 0; part < Number(parts); part += 1) {
          await query('SELECT pg_sleep($1)', [part === 0 ? 0.3 : 0.02]);
          yield PART;
        }
      }
      return sendStream(response, { name: 'notes.txt', type: 'text/plain' }, source());
    });
  }
}

const testDatabase = await createDatabase();
const admin = new pg.Client(testDatabase.url);
let database: Database;
let served: Served;

beforeAll(async () => {
  await admin.connect();
  database = await Database.open(testDatabase.url, httpMigrations);
  served = await serve(database, [NotesController], []);
});
afterAll(async () => {
  served.close();
  await admin.end();
  await database.onApplicationShutdown();
  await testDatabase.drop();
});

interface Told {
  status: number;
  type: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected
  body: any;
  allow: string | null;
}

async function ask(path: string, init?: RequestInit): Promise<Told> {
  const response = await fetch(`${served.address}/v1/${path}`, init);
  const { status, headers } = response;
  const type = headers.get('content-type');
  const text = await response.text();
  return { status, type, allow: headers.get('allow'), body: text && JSON.parse(text) };
}

type SentBody = NonNullable<RequestInit['body']>;

const write = (body: SentBody, headers: Record<string, string> = {}, path = 'notes') =>
  ask(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

const PROBLEM = expect.stringMatching(/^application\/problem\+json/);

it.each<[string, string]>([
  ['', 'must be a whole number from 1 to 1000'],
  ['id', 'harus berupa bilangan bulat dari 1 sampai 1000'],
  ['id-ID,id;q=0.9,en;q=0.8', 'harus berupa bilangan bulat dari 1 sampai 1000'],
  ['en-GB,id;q=0.5', 'must be a whole number from 1 to 1000'],
  ['jv', 'must be a whole number from 1 to 1000'],
  ['*', 'must be a whole number from 1 to 1000'],
])('what is wrong is said in the language that is asked for: %j', async (language, message) => {
  const headers: Record<string, string> = language ? { 'accept-language': language } : {};
  expect(await ask('notes?limit=0', { headers })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'limit', code: 'not-a-whole-number', message }] },
  });
});

describe('a body', () => {
  it.each<[string, SentBody, Record<string, string>]>([
    ['of JSON', '{"text":"a"}', {}],
    ['in UTF-8', '{"text":"a"}', { 'content-type': 'application/json; charset=UTF-8' }],
    ['of a kind of JSON', '{"text":"a"}', { 'content-type': 'application/merge-patch+json' }],
    ['in gzip', gzipSync('{"text":"a"}'), { 'content-encoding': 'gzip' }],
    ['in Brotli', brotliCompressSync('{"text":"a"}'), { 'content-encoding': 'br' }],
  ])('%s is taken', async (_, body, headers) => {
    expect(await write(body, headers)).toMatchObject({ status: 201, body: { text: 'a' } });
  });

  it.each<[string, number, SentBody, Record<string, string>]>([
    ['that is empty', 400, '', {}],
    ['that is null', 400, 'null', {}],
    ['that is a list', 400, '[]', {}],
    ['that is cut off', 400, '{"text":"a"', {}],
    ['with a field that nobody knows', 400, '{"text":"a","toast":1}', {}],
    ['with a prototype', 400, '{"text":"a","extra":{"__proto__":{"text":"b"}}}', {}],
    ['nested without end', 400, `{"text":"a","extra":${'['.repeat(40_000)}${']'.repeat(40_000)}}`, {}],
    ['of another kind', 415, 'text=a', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['of no kind', 415, '{"text":"a"}', { 'content-type': '' }],
    ['of a kind that is none', 415, '{"text":"a"}', { 'content-type': 'json' }],
    ['in UTF-16', 415, '{"text":"a"}', { 'content-type': 'application/json; charset=utf-16' }],
    ['that is not as it says', 400, '{"text":"a"}', { 'content-encoding': 'gzip' }],
    ['in what nobody knows', 415, '{"text":"a"}', { 'content-encoding': 'lzma' }],
    ['beyond the limit', 413, JSON.stringify({ text: 'a'.repeat(1_048_576) }), {}],
    [
      'beyond the limit once it is inflated',
      413,
      gzipSync(JSON.stringify({ text: 'a'.repeat(90_000_000) })),
      { 'content-encoding': 'gzip' },
    ],
  ])('%s is refused: %i', async (_, status, body, headers) => {
    expect(await write(body, headers)).toMatchObject({
      status,
      type: PROBLEM,
      body: { status, title: expect.any(String) },
    });
  });

  it('beyond the limit is told the limit', async () => {
    const { body } = await write(JSON.stringify({ text: 'a'.repeat(1_048_576) }));
    expect(body.detail).toContain('at most 100000 bytes');
  });

  it('of an import may be large', async () => {
    const text = 'a'.repeat(3_000_000);
    expect(await write(JSON.stringify({ text }), {}, 'imports')).toMatchObject({
      status: 201,
      body: { length: 3_000_000 },
    });
  });
});

describe('a very large body', () => {
  const large = { 'content-length': '20000000' };
  /** The beginning of one, and the status of its answer. */
  const begin = () => {
    const { hostname, port } = new URL(served.address);
    const headers = { 'content-type': 'application/json', ...large };
    const sent = request({ hostname, port, method: 'POST', path: '/v1/imports', headers, agent: false });
    sent.on('error', () => {});
    sent.write('{"text":"');
    const answered = once(sent, 'response').then(([answer]) => answer.resume().statusCode);
    return { sent, status: answered.catch(() => undefined) };
  };

  it('is alone in memory; smaller ones are taken meanwhile', async () => {
    const one = begin();
    await sleep(200);
    expect(await begin().status).toBe(429);
    const [small, packed] = ['{"text":"a"}', gzipSync('{"text":"a"}')];
    expect(await write(small, {}, 'imports')).toMatchObject({ status: 201 });
    expect(await write(packed, { 'content-encoding': 'gzip' }, 'imports')).toMatchObject({ status: 429 });
    expect(await write(packed, { 'content-encoding': 'gzip' })).toMatchObject({ status: 201 });
    one.sent.end(`${'a'.repeat(Number(large['content-length']) - 11)}"}`);
    expect(await one.status).toBe(201);
    expect(await write(packed, { 'content-encoding': 'gzip' }, 'imports')).toMatchObject({ status: 201 });
  });

  it('whose sender goes away leaves its place', async () => {
    const one = begin();
    await sleep(200);
    one.sent.destroy();
    const packed = () => write(gzipSync('{"text":"a"}'), { 'content-encoding': 'gzip' }, 'imports');
    expect(await eventually(packed, ({ status }) => status === 201)).toMatchObject({ status: 201 });
  });
});

describe('a request of ambiguous length, or ends', () => {
  const chunked = 'Transfer-Encoding: chunked';
  const SMUGGLED = 'GET /v1/notes/smuggled HTTP/1.1\r\nHost: here\r\n\r\n';
  const length = Buffer.byteLength(SMUGGLED);

  it.each<[string, string[], string]>([
    ['of two lengths', [`Content-Length: ${length}`, 'Content-Length: 0'], ''],
    ['of two lengths in one line', [`Content-Length: ${length}, 0`], ''],
    ['with a length and in chunks', [chunked, `Content-Length: ${length}`], '0\r\n\r\n'],
    ['in chunks and with a length', [`Content-Length: ${length + 5}`, chunked], '0\r\n\r\n'],
    ['with a length that is signed', [`Content-Length: +${length}`], ''],
    ['with a length in hexadecimal', ['Content-Length: 0x0'], ''],
    ['in chunks, and what is none', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
    ['in chunks by another name', ['Transfer-Encoding: xchunked'], '0\r\n\r\n'],
    ['in chunks, with a blank before the colon', ['Transfer-Encoding : chunked'], '0\r\n\r\n'],
    ['whose header goes on in the next line', ['X-Note: a', ' Content-Length: 0'], ''],
    ['of a chunk whose length is none', [chunked], '0x0\r\n\r\n'],
    ['of a chunk that is longer than it says', [chunked], '1\r\nab\r\n0\r\n\r\n'],
    ['without a host', [], ''],
  ])('%s, is refused, and nothing behind it is a request', async (name, lines, before) => {
    const { hostname, port } = new URL(served.address);
    const socket = connect(Number(port), hostname);
    const host = name === 'without a host' ? [] : ['Host: here'];
    socket.write(['POST /v1/notes HTTP/1.1', ...host, ...lines, '', ''].join('\r\n') + before + SMUGGLED);
    let told = '';
    socket.on('data', (data) => (told += data));
    await Promise.race([once(socket, 'close'), once(socket, 'error')]).catch(() => {});
    const statuses = told.match(/HTTP\/1\.1 \d+/g);
    expect(statuses?.at(-1)).toBe('HTTP/1.1 400');
    expect(statuses?.filter((status) => !status.endsWith(' 400') && !status.endsWith(' 415'))).toEqual([]);
    expect(told).not.toContain('smuggled');
  });
});

describe('a request that comes in slowly', () => {
  let served: Served;
  beforeAll(async () => {
    process.env.REQUEST_SECONDS = '0.5';
    served = await serve(database, [NotesController], []);
    delete process.env.REQUEST_SECONDS;
  });
  afterAll(() => served.close());

  /** All but the end of a request; and what comes back until its connection ends. */
  const begin = (path: string) => {
    const { hostname, port } = new URL(served.address);
    const socket = connect(Number(port), hostname);
    socket.write(`POST /v1/${path} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n`);
    socket.write('Content-Length: 12\r\n\r\n{"text":');
    let text = '';
    socket.on('data', (part) => (text += part));
    socket.on('error', () => {});
    return { socket, answer: once(socket, 'close').then(() => text), told: () => text };
  };

  it('is given up, with its connection', async () => {
    const answer = await begin('notes').answer;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('within 0.5 seconds');
  });

  it('is waited for longer where much is taken', async () => {
    const { socket, told } = begin('imports');
    await sleep(1_000);
    socket.write('"a"}');
    expect(await eventually(told, (text) => text !== '')).toMatch(/^HTTP\/1\.1 201 /);
    socket.destroy();
  });

  it('and was refused already, is told so at once, and its connection ends soon', async () => {
    const { told, answer } = begin('nowhere');
    expect(await eventually(told, (text) => text !== '')).toMatch(/^HTTP\/1\.1 404 /);
    expect(await answer).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('and was refused already, may come to its end, and its connection stays', async () => {
    const { socket, told } = begin('nowhere');
    await eventually(told, (text) => text !== '');
    await sleep(3_000);
    socket.write('"a"}');
    await sleep(3_000); // an idle connection has five seconds, too
    socket.write('GET /v1/notes/a HTTP/1.1\r\nHost: here\r\n\r\n');
    expect(await eventually(told, (text) => text.includes('{"name":"a"}'))).toContain('{"name":"a"}');
    socket.destroy();
  });
});

describe('a query', () => {
  it.each([
    ['notes?limit=1&limit=2', 'limit'],
    ['notes?limit[]=1', 'limit[]'],
    ['notes?limit[a]=1', 'limit[a]'],
    ['notes?limti=1', 'limti'],
    ['notes?__proto__=1', '__proto__'],
    ['notes?constructor=1', 'constructor'],
    ['notes/a?from=2026', 'from'],
    ['notes/a?cursor=a&cursor=b', 'cursor'],
  ])('%s is refused by name', async (path, field) => {
    const { status, type, body } = await ask(path);
    expect({ status, type }).toEqual({ status: 400, type: PROBLEM });
    expect(body.errors).toEqual([expect.objectContaining({ field })]);
  });

  it('of nothing asks for nothing', async () => {
    expect(await ask('notes?')).toMatchObject({ status: 200 });
    expect(await ask('notes/a?')).toMatchObject({ status: 200 });
  });
});

describe('a path', () => {
  it.each([
    ['GET', 'nowhere', 404, null],
    ['GET', 'notes//a', 404, null],
    ['DELETE', 'notes', 405, 'POST, GET, HEAD'],
    ['OPTIONS', 'notes', 405, 'POST, GET, HEAD'],
    ['POST', 'notes/a', 405, 'GET, HEAD'],
    ['POST', 'NOTES/a/', 405, 'GET, HEAD'],
    ['GET', 'notes/%E0%A4%A', 400, null],
  ])('%s %s: %i', async (method, path, status, allow) => {
    expect(await ask(path, { method })).toMatchObject({ status, allow, type: PROBLEM, body: { status } });
  });
});

describe('a file', () => {
  it('that is short is sent whole, with its length', async () => {
    const response = await fetch(`${served.address}/v1/notes/1/file`);
    expect(response.headers.get('content-length')).toBe(String(PART.length));
    expect(response.headers.get('content-disposition')).toBe('attachment; filename=notes.txt');
    expect(await response.text()).toBe(PART);
  });

  it('that is long comes in parts, to its end', async () => {
    const response = await fetch(`${served.address}/v1/notes/20/file`);
    expect(response.headers.get('content-length')).toBeNull();
    expect(await response.text()).toBe(PART.repeat(20));
  });

  it('that takes its time begins nevertheless', async () => {
    const started = performance.now();
    const response = await fetch(`${served.address}/v1/notes/500/file`);
    expect(performance.now() - started).toBeLessThan(5_000);
    await response.body?.cancel();
  });

  const open = 'datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL';
  const openTransactions = async () => (await admin.query(`SELECT FROM pg_stat_activity WHERE ${open}`)).rowCount;
  const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${open}`;
  const endTransactions = () =>
    eventually(
      async () => (await admin.query(end)).rowCount,
      (count) => count !== 0,
    );
  afterEach(() => eventually(openTransactions, (count) => count === 0));

  it('that fails before it has begun is a problem that passes', async () => {
    const asked = ask('notes/1/file');
    await endTransactions();
    expect(await asked).toMatchObject({ status: 503, type: PROBLEM, body: { status: 503 } });
  });

  it.each(['1.1', '1.0'])('that fails later is seen to be broken, in HTTP/%s too', async (version) => {
    const { hostname, port } = new URL(served.address);
    const socket = connect(Number(port), hostname);
    socket.write(`GET /v1/notes/500/file HTTP/${version}\r\nHost: here\r\nConnection: close\r\n\r\n`);
    const [begin] = (await once(socket, 'data')) as [Buffer];
    expect(begin.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    let text = '';
    socket.on('data', (part) => (text += part));
    const ended = Promise.race([
      once(socket, 'end').then(() => 'as if it were whole'),
      once(socket, 'error').then(([error]) => error.code),
    ]).catch((error) => error.code);
    await endTransactions();
    expect(await ended).toBe('ECONNRESET');
    expect(text).not.toMatch(/\r\n0\r\n\r\n$/);
  });

  it('whose reader goes away, at once or while he is slow, holds nothing any longer', async () => {
    const { hostname, port } = new URL(served.address);
    for (const pauseMs of [0, 1_500]) {
      const socket = connect(Number(port), hostname);
      socket.write('GET /v1/notes/5000/file HTTP/1.1\r\nHost: here\r\n\r\n');
      await once(socket, 'data');
      socket.pause();
      await sleep(pauseMs);
      socket.destroy();
      expect(await eventually(openTransactions, (count) => count === 0)).toBe(0);
    }
    expect(await ask('notes/a')).toMatchObject({ status: 200 });
  });
});
