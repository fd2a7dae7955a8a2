import { describe, expect, it } from '@jest/globals';
import { PersonalData } from './personal-data.ts';

const secret = Buffer.alloc(32, 7).toString('base64');
const personalData = new PersonalData(secret);
const person = {
  maker_id: 'M-1',
  registration_no: 'CONTOH-000001',
  name: 'Warga Binaan Ä',
  display_name: 'Perajin 1',
  consent: false,
  is_child: false,
};

describe('PersonalData', () => {
  it('opens what it sealed', () => {
    const { registration_no, name, display_name } = person;
    expect(personalData.open('M-1', personalData.seal(person))).toEqual({ registration_no, name, display_name });
  });

  it('seals the same identity differently each time, with nothing of it readable', () => {
    const sealed = personalData.seal(person);
    expect(sealed.equals(personalData.seal(person))).toBe(false);
    expect(sealed.toString('latin1')).not.toContain('Warga');
  });

  it('refuses a changed bit, another maker, another key', () => {
    const sealed = personalData.seal(person);
    for (const position of [0, 20, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(position) ^ 1, position);
      expect(() => personalData.open('M-1', changed)).toThrow();
    }
    expect(() => personalData.open('M-2', sealed)).toThrow();
    expect(() => new PersonalData(Buffer.alloc(32, 8).toString('base64')).open('M-1', sealed)).toThrow();
  });

  it('tells an unchanged person from a changed one by the fingerprint alone', () => {
    const fingerprint = personalData.fingerprintOf(person);
    expect(personalData.fingerprintOf({ ...person })).toBe(fingerprint);
    for (const change of [{ name: 'X' }, { registration_no: 'X' }, { display_name: 'X' }, { consent: true }]) {
      expect(personalData.fingerprintOf({ ...person, ...change })).not.toBe(fingerprint);
    }
    expect(personalData.fingerprintOf({ ...person, maker_id: 'M-2' })).not.toBe(fingerprint);
  });

  it('starts with a key of 32 bytes only', () => {
    expect(() => new PersonalData(undefined)).toThrow('PERSONAL_DATA_KEY');
    expect(() => new PersonalData(Buffer.alloc(31).toString('base64'))).toThrow('PERSONAL_DATA_KEY');
  });
});
