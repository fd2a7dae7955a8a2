import { describe, expect, it } from '@jest/globals';
import { PersonalData } from './personal-data.ts';

const personalData = new PersonalData([{ number: 1, secret: Buffer.alloc(32, 7) }]);
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
    expect(() => new PersonalData([{ number: 1, secret: Buffer.alloc(32, 8) }]).open('M-1', sealed)).toThrow();
  });

  it('tells an unchanged person from a changed one by the fingerprint alone', () => {
    const fingerprint = personalData.fingerprintOf(person);
    expect(personalData.fingerprintOf({ ...person })).toBe(fingerprint);
    for (const change of [{ name: 'X' }, { registration_no: 'X' }, { display_name: 'X' }, { consent: true }]) {
      expect(personalData.fingerprintOf({ ...person, ...change })).not.toBe(fingerprint);
    }
    expect(personalData.fingerprintOf({ ...person, maker_id: 'M-2' })).not.toBe(fingerprint);
  });

  it('opens what was sealed before keys had numbers', () => {
    const sealed =
      'zsBzlOvyGgryIzQoDIen+vUsrhlg4mZrVsNq3I6e1/fy7BN4Ta7u31oc8tedS/RHlZt6Mhin4+aex0cHTy4MZdyaAGrWPKMc9z3Q3BacFKQ6f+re1xWl+M88eB9mXJ32AB0HGZ1VXYQ2rtxM/A4scFx7oQ==';
    expect(personalData.open('M-1', Buffer.from(sealed, 'base64')).name).toBe('Warga Binaan Ä');
  });
});
