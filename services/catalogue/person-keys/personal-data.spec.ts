import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Key } from '#libs/sealing';
import { PersonalData } from './personal-data.ts';

const [first, second]: [Key, Key] = [
  { number: 1, secret: Buffer.alloc(32, 7) },
  { number: 2, secret: Buffer.alloc(32, 8) },
];
const personalData = new PersonalData([first], [first]);
const identity = { registration_no: 'CONTOH-000001', name: 'Warga Binaan Ä', display_name: 'Perajin 1' };
const person = { ...identity, consent: false, is_child: false };
const wrapped = personalData.newKey('M-1');
const key = personalData.unwrap('M-1', wrapped);

describe('an identity', () => {
  it('is opened by the key of its person', () => {
    expect(personalData.open('M-1', key.sealIdentity(person), key)).toEqual({ identity, isUnderOwnKey: true });
  });

  it('is sealed differently each time, with nothing of it readable', () => {
    const sealed = key.sealIdentity(identity);
    expect(sealed.equals(key.sealIdentity(identity))).toBe(false);
    expect(sealed.toString('latin1')).not.toContain('Warga');
  });

  it('is not opened where a bit was changed, for another maker, by another key, nor without its own', () => {
    const sealed = key.sealIdentity(identity);
    for (const position of [0, 1, 2, 20, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(position) ^ 1, position);
      expect(() => personalData.open('M-1', changed, key)).toThrow('not to be opened');
    }
    expect(() => personalData.unwrap('M-2', wrapped)).toThrow('not to be opened');
    const other = personalData.unwrap('M-1', personalData.newKey('M-1'));
    expect(() => personalData.open('M-1', sealed, other)).toThrow('not to be opened');
    expect(() => personalData.open('M-1', sealed, undefined)).toThrow('not to be opened');
  });

  it.each([
    [
      'before keys had numbers',
      'zsBzlOvyGgryIzQoDIen+vUsrhlg4mZrVsNq3I6e1/fy7BN4Ta7u31oc8tedS/RHlZt6Mhin4+aex0cHTy4MZdyaAGrWPKMc9z3Q3BacFKQ6f+re1xWl+M88eB9mXJ32AB0HGZ1VXYQ2rtxM/A4scFx7oQ==',
    ],
  ])('is opened that was sealed %s, before each person had one', (_, sealed) => {
    const opened = { identity: { name: 'Warga Binaan Ä' }, isUnderOwnKey: false };
    expect(personalData.open('M-1', Buffer.from(sealed, 'base64'), key)).toMatchObject(opened);
    expect(personalData.open('M-1', Buffer.from(sealed, 'base64'), undefined)).toMatchObject(opened);
  });
});

it('a key is wrapped anew by the current one, and stays the same', () => {
  const rotated = new PersonalData([second, first], [first]);
  const anew = rotated.rewrapped('M-1', wrapped) as Buffer;
  expect(rotated.rewrapped('M-1', anew)).toBeUndefined();
  const alone = new PersonalData([second], [first]);
  expect(alone.open('M-1', key.sealIdentity(identity), alone.unwrap('M-1', anew)).identity).toEqual(identity);
  expect(() => alone.unwrap('M-1', wrapped)).toThrow('not to be opened');
});

it('a fingerprint tells an unchanged person from a changed one, and is another of each key', () => {
  const fingerprint = key.fingerprintOf(person);
  expect(key.fingerprintOf({ ...person })).toBe(fingerprint);
  for (const change of [
    { name: 'X' },
    { registration_no: 'X' },
    { display_name: 'X' },
    { consent: true },
    { is_child: true },
  ]) {
    expect(key.fingerprintOf({ ...person, ...change })).not.toBe(fingerprint);
  }
  expect(personalData.unwrap('M-2', personalData.newKey('M-2')).fingerprintOf(person)).not.toBe(fingerprint);
});

it('a registration number is found however it is typed, by the key of the index alone', () => {
  const [index] = personalData.indexesOf('CONTOH-0001');
  for (const typed of ['contoh-0001', 'CONTOH - 0001', 'ＣＯＮＴＯＨ-0001'])
    expect(personalData.indexesOf(typed)).toEqual([index]);
  expect(personalData.indexesOf('CONTOH-0002')).not.toEqual([index]);
  const rotated = new PersonalData([first], [second, first]);
  expect(rotated.indexesOf('CONTOH-0001')).toContainEqual(index);
  expect(rotated.indexesOf('CONTOH-0001')[0]).not.toEqual(index);
  expect(new PersonalData([second], [first]).indexesOf('CONTOH-0001')).toEqual([index]);
  expect(new PersonalData([first], [{ number: 1, secret: randomBytes(32) }]).indexesOf('CONTOH-0001')).not.toEqual([
    index,
  ]);
});
