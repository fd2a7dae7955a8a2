import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  dayAfter,
  dayOf,
  fingerprint,
  hashOfSeal,
  isGenuine,
  isSignedBy,
  type Seal,
  seal,
  signed,
  startOf,
} from './seal.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const day = { date: '2026-01-05', journals: 3, root: 'a'.repeat(64), previous: null };

describe('seal of a day', () => {
  it('is genuine, and the same whenever it is made', () => {
    expect(isGenuine(seal(day, privateKey))).toBe(true);
    expect(seal(day, privateKey)).toEqual(seal(day, privateKey));
  });

  it.each<[string, Partial<Seal>]>([
    ['date', { date: '2026-01-06' }],
    ['journals', { journals: 4 }],
    ['root', { root: 'b'.repeat(64) }],
    ['previous', { previous: 'c'.repeat(64) }],
    ['publicKey', { publicKey: seal(day, generateKeyPairSync('ed25519').privateKey).publicKey }],
    ['publicKey that is none', { publicKey: 'AAAA' }],
    ['signature', { signature: seal({ ...day, journals: 2 }, privateKey).signature }],
    ['signature that is none', { signature: '' }],
  ])('is not when another %s is put in', (_, change) => {
    expect(isGenuine({ ...seal(day, privateKey), ...change })).toBe(false);
  });

  it('is not when something is added', () => {
    expect(isGenuine({ ...seal(day, privateKey), note: '' } as Seal)).toBe(false);
  });

  it('is named by the next one by all that is signed', () => {
    const first = seal(day, privateKey);
    expect(hashOfSeal(first)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOfSeal({ ...first, journals: 4 })).not.toBe(hashOfSeal(first));
  });

  it('takes no other kind of key', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const publicKey = other.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    expect(isSignedBy(day, signed(day, privateKey), publicKey)).toBe(false);
  });

  it('has a key that can be read out', () => {
    expect(fingerprint(seal(day, privateKey).publicKey)).toMatch(/^([0-9A-F]{4} ){7}[0-9A-F]{4}$/);
  });
});

describe('days of Jakarta', () => {
  it.each([
    ['2025-12-31T16:59:59.999Z', '2025-12-31'],
    ['2025-12-31T17:00:00.000Z', '2026-01-01'],
  ])('%s is in %s', (instant, date) => expect(dayOf(new Date(instant))).toBe(date));

  it('follow each other', () => {
    expect(dayAfter('2028-02-28')).toBe('2028-02-29');
    expect(dayAfter('2025-12-31')).toBe('2026-01-01');
    expect(dayOf(startOf('2026-01-01'))).toBe('2026-01-01');
    expect(startOf('2026-01-01').toISOString()).toBe('2025-12-31T17:00:00.000Z');
  });
});
