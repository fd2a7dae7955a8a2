import { expect, it } from '@jest/globals';
import { configuredUrl } from './configured-url.ts';

const elsewhere = 'postgres://orders:secret@db.example/orders';

it.each<[string, NodeJS.ProcessEnv]>([
  ['of this computer', { DATABASE_URL: 'postgres://postgres:secret@127.0.0.1:5432/orders' }],
  ['of this computer, by IPv6', { DATABASE_URL: 'postgres://postgres:secret@[::1]/orders' }],
  ['of this computer, by a socket', { DATABASE_URL: 'postgres://postgres@/orders?host=/var/run/postgresql' }],
  ['elsewhere, encrypted and judged', { DATABASE_URL: `${elsewhere}?sslmode=verify-full` }],
  ['elsewhere, in plain text that is wanted', { DATABASE_URL: elsewhere, ALLOW_PLAINTEXT: 'on' }],
])('a database %s is taken', (_, environment) => {
  expect(configuredUrl('DATABASE_URL', environment)).toBe(environment.DATABASE_URL);
});

it.each([
  ['in plain text', elsewhere],
  ['in plain text, by IPv6', 'postgres://postgres:secret@[2001:db8::1]/orders'],
  ['named behind one of this computer', 'postgres://postgres:secret@localhost/orders?host=db.example'],
  ['with TLS switched off', `${elsewhere}?sslmode=disable`],
  ['with a certificate that nobody judges', `${elsewhere}?sslmode=no-verify`],
  ['with a certificate that nobody judges, as libpq has it', `${elsewhere}?uselibpqcompat=true&sslmode=require`],
])('one elsewhere, %s, ends the start, and its password is not told', (_, url) => {
  const start = () => configuredUrl('DATABASE_URL', { DATABASE_URL: url });
  expect(start).toThrow(/^DATABASE_URL: \S+ would be spoken to in plain text.*sslmode=verify-full/);
  expect(start).not.toThrow('secret');
});
