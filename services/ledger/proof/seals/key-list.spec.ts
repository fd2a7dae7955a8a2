import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { contradictionsIn, keyOfDay, type ListedKey, nextKey, pemOf, publicKeysIn, trustedIn } from './key-list.ts';
import { publicKeyText } from './seal.ts';

const privateKeys = Array.from({ length: 5 }, () => generateKeyPairSync('ed25519').privateKey);
const texts = privateKeys.map((key) => publicKeyText(createPublicKey(key)));
const [first, second, third] = texts as [string, string, string];
const days = ['2026-01-05', '2026-02-01', '2026-03-01'];

function listed(...handsOver: boolean[]): ListedKey[] {
  const list: ListedKey[] = [];
  for (const [index, handed] of handsOver.entries()) {
    const own = privateKeys[index] as KeyObject;
    const old = handed ? privateKeys[index - 1] : undefined;
    const key = { from: days[index] as string, publicKey: texts[index] as string, own, ...(old && { old }) };
    list.push(nextKey(list, key));
  }
  return list;
}

describe('a list of keys', () => {
  const list = listed(false, true, true);

  it('vouches for all of them to whoever trusts one', () => {
    expect([...contradictionsIn(list)]).toEqual([]);
    for (const trusted of texts.slice(0, 3)) {
      expect([...trustedIn(list, [trusted])]).toEqual([first, second, third]);
    }
  });

  it('vouches for nothing to whoever trusts another', () => {
    expect(trustedIn(list, [texts[3] as string])).toEqual(new Set());
  });

  it('says which key seals a day', () => {
    expect(['2026-01-04', '2026-01-05', '2026-02-28', '2026-03-01'].map((day) => keyOfDay(list, day)?.number)).toEqual([
      undefined,
      1,
      2,
      3,
    ]);
  });

  it('does not lead forwards over a key that was lost, and leads backwards', () => {
    const lost = listed(false, false, true);
    expect([...contradictionsIn(lost)]).toEqual([]);
    expect([...trustedIn(lost, [first])]).toEqual([first]);
    expect([...trustedIn(lost, [second])]).toEqual([first, second, third]);
  });

  it('names keys from before it that have signed nothing: the first that does vouches for them', () => {
    const told = nextKey([], { from: '2026-01-05', publicKey: first });
    const old = [told, nextKey([told], { from: '2026-02-01', publicKey: second, own: privateKeys[1] as KeyObject })];
    expect([...trustedIn(old, [second])]).toEqual([first, second]);
    expect([...trustedIn(old, [first])]).toEqual([first]);
  });

  /** By one who has the database and a key of his own, but none of the books. */
  it.each<[string, (list: ListedKey[]) => ListedKey[]]>([
    ['appends', (list) => [...list, nextKey(list, { from: '2026-04-01', ...forger() })]],
    [
      'appends, with a handover of his own',
      (list) => [...list, nextKey(list, { from: '2026-04-01', ...forger(), old: own() })],
    ],
    [
      'takes the place of the last',
      (list) => [...list.slice(0, 2), nextKey(list.slice(0, 2), { from: '2026-03-01', ...forger() })],
    ],
    ['is the only one', () => [nextKey([], { from: '2026-01-05', ...forger() })]],
    ['goes before all', (list) => [nextKey([], { from: '2026-01-01', ...forger() }), ...list]],
  ])('shows a forged change of the key: it %s', (_, forge) => {
    const forged = forge(list);
    const found = [...contradictionsIn(forged)];
    for (const trusted of [first, second, third]) {
      expect(found.length > 0 || !trustedIn(forged, [trusted]).has(texts[4] as string)).toBe(true);
      if (found.length > 0) expect(trustedIn(forged, [trusted])).toEqual(new Set());
    }
  });

  it.each<[keyof ListedKey, string | number | null]>([
    ['number', 3],
    ['from', '2026-02-02'],
    ['previous', null],
    ['previous', '0'.repeat(64)],
    ['publicKey', texts[4] as string],
    ['signature', list[0]?.signature as string],
    ['handover', list[2]?.handover as string],
  ])('contradicts itself when somebody changes %s', (field, value) => {
    const changed = list.with(1, { ...(list[1] as ListedKey), [field]: value });
    expect([...contradictionsIn(changed)]).not.toEqual([]);
  });

  it('is read as PEM or JSON, from public and private keys', () => {
    const pem = pemOf([first, second]);
    expect(publicKeysIn(pem)).toEqual([second, first]);
    expect(publicKeysIn(JSON.stringify({ items: list }))).toEqual([first, second, third]);
    const secret = (privateKeys[0] as KeyObject).export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(publicKeysIn(secret)).toEqual([first]);
    expect(() => publicKeysIn('hello')).toThrow('no key');
  });
});

function own(): KeyObject {
  return privateKeys[4] as KeyObject;
}

function forger() {
  return { publicKey: texts[4] as string, own: own() };
}
