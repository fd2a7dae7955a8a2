import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { sealKey } from './seal-key.ts';

const directory = mkdtempSync(join(tmpdir(), 'seal-key-'));
afterAll(() => rmSync(directory, { recursive: true }));

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

describe('LEDGER_SEAL_KEY', () => {
  it('is a key as PEM, or its file', () => {
    const file = join(directory, 'key.pem');
    writeFileSync(file, pem);
    expect(sealKey(pem).equals(privateKey)).toBe(true);
    expect(sealKey(file).equals(privateKey)).toBe(true);
  });

  it('is needed, private, and for Ed25519', () => {
    expect(() => sealKey(undefined)).toThrow('LEDGER_SEAL_KEY is not set');
    expect(() => sealKey('')).toThrow('LEDGER_SEAL_KEY is not set');
    expect(() => sealKey(join(directory, 'missing.pem'))).toThrow('ENOENT');
    expect(() => sealKey(publicKey.export({ format: 'pem', type: 'spki' }).toString())).toThrow();
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    expect(() => sealKey(other.export({ format: 'pem', type: 'pkcs8' }).toString())).toThrow('Ed25519');
  });
});
