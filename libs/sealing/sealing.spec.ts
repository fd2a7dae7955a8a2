import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { configuredKeys, derivedKey, type Key } from './keys.ts';
import { Sealer } from './sealer.ts';

const [first, second]: [Key, Key] = [
  { number: 1, secret: Buffer.alloc(32, 7) },
  { number: 2, secret: Buffer.alloc(32, 8) },
];
const base64 = ({ secret }: Key): string => secret.toString('base64');

describe('Sealer', () => {
  const sealer = new Sealer([second, first], 'test');

  it('opens what it sealed, whatever the bytes, and seals them differently each time', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: 'grapheme' }), (bytes, about) => {
        const sealed = sealer.seal(bytes, about);
        expect(sealer.open(sealed, about)).toEqual(Buffer.from(bytes));
        expect(sealed).not.toEqual(sealer.seal(bytes, about));
      }),
    );
  });

  it('shows nothing of what it sealed but the number of the key', () => {
    const sealed = sealer.seal(Buffer.from('Warga Binaan'), 'M-1');
    expect([...sealed.subarray(0, 2)]).toEqual([1, 2]);
    for (const text of ['Warga', 'M-1']) expect(sealed.toString('latin1')).not.toContain(text);
  });

  it('refuses every changed bit, what is cut off, another matter, another purpose, another key', () => {
    const sealed = sealer.seal(Buffer.from('Warga'), 'M-1');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => sealer.open(changed, 'M-1')).toThrow('not to be opened');
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => sealer.open(sealed.subarray(0, length), 'M-1')).toThrow('not to be opened');
    }
    expect(() => sealer.open(sealed, 'M-2')).toThrow('not to be opened');
    expect(() => new Sealer([second, first], 'other').open(sealed, 'M-1')).toThrow('not to be opened');
    expect(() => new Sealer([first], 'test').open(sealed, 'M-1')).toThrow('not to be opened');
  });

  it('after a new key opens what the old one sealed, and seals under the new', () => {
    const before = new Sealer([first], 'test').seal(Buffer.from('Warga'), 'M-1');
    expect(sealer.open(before, 'M-1').toString()).toBe('Warga');
    expect(new Sealer([second], 'test').open(sealer.seal(Buffer.from('x'), ''), '').toString()).toBe('x');
  });

  it('opens what was sealed before keys had numbers, also where it begins like a new value', () => {
    for (const nonce of [randomBytes(12), Buffer.from([1, 2, ...randomBytes(10)])]) {
      const cipher = createCipheriv('aes-256-gcm', derivedKey(first, 'test'), nonce).setAAD(Buffer.from('M-1'));
      const old = Buffer.concat([nonce, cipher.update('Warga'), cipher.final(), cipher.getAuthTag()]);
      expect(sealer.open(old, 'M-1').toString()).toBe('Warga');
    }
  });
});

describe('keys of an operator', () => {
  const variable = 'TEST_KEYS';
  afterEach(() => {
    delete process.env[variable];
    delete process.env[`${variable}_FILE`];
  });

  it('come from the environment or a file, the current one first', () => {
    const directory = mkdtempSync(join(tmpdir(), 'keys-'));
    const file = join(directory, 'keys');
    writeFileSync(file, `2:${base64(second)},1:${base64(first)}\n`);
    process.env[`${variable}_FILE`] = file;
    expect(configuredKeys(variable)).toEqual([second, first]);
    rmSync(directory, { recursive: true });
    process.env[variable] = base64(first); // as it was before there were several
    expect(configuredKeys(variable)).toEqual([first]);
  });

  it.each([
    undefined,
    '',
    '1:',
    Buffer.alloc(31).toString('base64'),
    `0:${base64(first)}`,
    `256:${base64(first)}`,
    `1:${base64(first)},1:${base64(second)}`,
    `1:${base64(first)},`,
    `x:${base64(first)}`,
  ])('that cannot be used end the start, and are not told: %j', (configured) => {
    if (configured !== undefined) process.env[variable] = configured;
    expect(() => configuredKeys(variable)).toThrow(variable);
    expect(() => configuredKeys(variable)).not.toThrow(base64(first));
  });
});
