import { describe, expect, it } from '@jest/globals';
import * as contracts from '../index.ts';
import type { Kind } from './kind.ts';
import { quoted } from './kind.ts';

const day = 24 * 60 * 60 * 1_000;
const at = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();

describe('a text', () => {
  const refused: [string, string, Kind][] = [
    ['', 'blank', contracts.Sku],
    ['TAS-1 ', 'blank-around', contracts.Sku],
    ['\u00a0TAS-1', 'blank-around', contracts.Sku],
    ['TAS\u00a01', 'strange-blank', contracts.Sku],
    ['TAS\u30001', 'strange-blank', contracts.Name],
    ['TAS\t1', 'control-character', contracts.Name],
    ['TAS\u00001', 'control-character', contracts.Sku],
    ['TAS\u200b1', 'invisible-character', contracts.Sku],
    ['TAS\u00ad1', 'invisible-character', contracts.Name],
    ['TA\u200dS', 'invisible-character', contracts.Sku],
    ['TAS\u202e1', 'invisible-character', contracts.Sku],
    ['1\ufe0f', 'invisible-character', contracts.Sku],
    ['\ufeffTAS', 'invisible-character', contracts.Sku],
    ['TAS\u2028', 'blank-around', contracts.Sku],
    ['TAS\ud83d', 'broken-character', contracts.Sku],
    ['TAS\ufffd', 'broken-character', contracts.Sku],
    ['Cafe\u0301', 'not-normalised', contracts.Sku],
    ['5.77E+17', 'scientific-notation', contracts.OrderRef],
    ['5,77E+17', 'scientific-notation', contracts.OrderRef],
    ['1e+05', 'scientific-notation', contracts.LotId],
    ["'577123456789012345", 'apostrophe', contracts.OrderRef],
    ['x'.repeat(101), 'too-long', contracts.Sku],
    ['🧵'.repeat(76), 'too-long', contracts.Sku],
  ];
  it.each(refused)('%j is refused: %s', (text, code, kind) => {
    expect(kind.read(text).fault?.code).toBe(code);
  });

  it.each([
    ['577123456789012345678', contracts.OrderRef],
    ['220525E67', contracts.OrderRef],
    ['INV/2026/I/0001', contracts.OrderRef],
    ['=SUM(A1)', contracts.LotId],
    ['Batik ꦧꦠꦶꦏ꧀', contracts.Sku],
    ['क्\u200dष', contracts.Sku],
    ['می\u200cخواهم', contracts.Name],
    ['👩‍🦰 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 1️⃣', contracts.Name],
    ['🧵'.repeat(75), contracts.Sku],
  ])('%j is taken as it is', (text, kind: Kind) => {
    expect(kind.read(text)).toEqual({ value: text });
  });

  it('of people is put into NFC', () => {
    expect(contracts.Name.judge('Cafe\u0301')).toEqual({ value: 'Café' });
  });

  it('is shown with everything that nobody can see', () => {
    expect(quoted('TAS\u00a01\u200b\n')).toBe('"TAS[U+00A0]1[U+200B][U+000A]"');
    expect(quoted('TAS ')).toBe('"TAS "');
  });
});

describe('an instant', () => {
  it.each(['2026-01-31 23:40:00', '2026-01-31T23:40:00', '2026-01-31T23:40', '2026-01-31', '2026-01', '2026'])(
    '%s has no offset, and is told so',
    (text) => {
      for (const kind of [contracts.Instant, contracts.PastInstant]) {
        expect(kind.read(text).fault).toMatchObject({ code: 'no-offset', message: { en: /\+07:00 is WIB/ } });
      }
    },
  );

  it.each([
    '2026-02-30T10:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T23:59:60Z',
    '2026-01-31T23:60:00Z',
    '2026-01-31T23:40:00+7',
    '2026-01-31T23:40:00+25:00',
    '2026-13-01T00:00:00Z',
    '0000-01-01T00:00:00Zx',
    ' 2026-01-31T23:40:00Z',
    '20260131T234000Z',
    '+002026-01-31T23:40:00Z',
  ])('%j is none', (text) => {
    expect(contracts.Instant.read(text).fault?.code).toBe('not-an-instant');
  });

  it.each([
    '2026-01-31T23:40:00+07:00',
    '2026-01-31T23:40:00.123456Z',
    '2026-01-31t23:40:00z',
    '2024-02-29T00:00:00-00:30',
  ])('%s is one', (text) => expect(contracts.PastInstant.read(text)).toEqual({ value: text }));

  it('of something that has happened is between 2000 and one day ahead', () => {
    const codeOf = (text: string) => contracts.PastInstant.read(text).fault?.code;
    expect(codeOf('0000-01-01T00:00:00Z')).toBe('too-early');
    expect(codeOf('1999-12-31T23:59:59Z')).toBe('too-early');
    expect(codeOf('2000-01-01T00:00:00Z')).toBeUndefined();
    expect(codeOf(at(day - 60_000))).toBeUndefined();
    expect(codeOf(at(day + 60_000))).toBe('in-the-future');
    expect(codeOf('2062-01-01T00:00:00Z')).toBe('in-the-future');
  });

  it('of an agreement may be earlier or later, within reason', () => {
    expect(contracts.Instant.read('1990-01-01T00:00:00+07:00').fault).toBeUndefined();
    expect(contracts.Instant.read('2062-01-01T00:00:00Z').fault).toBeUndefined();
    expect(contracts.Instant.read('0000-01-01T00:00:00Z').fault?.code).toBe('out-of-range');
    expect(contracts.Instant.read('9999-12-31T23:59:59Z').fault?.code).toBe('out-of-range');
  });
});

describe('a value that is none', () => {
  it.each<[string, Kind, string]>([
    ['2026-02-29', contracts.LocalDate, 'not-a-date'],
    ['2026-1-1', contracts.LocalDate, 'not-a-date'],
    ['1899-12-31', contracts.LocalDate, 'out-of-range'],
    ['2062-01-01', contracts.PastDate, 'in-the-future'],
    ['2026-13', contracts.Month, 'not-a-month'],
    ['0001-01', contracts.Month, 'out-of-range'],
    ['26', contracts.Year, 'not-a-year'],
    ['Asia/Jakarta ', contracts.TimeZone, 'not-a-time-zone'],
    ['Asia/Bogor', contracts.TimeZone, 'not-a-time-zone'],
    ['LP 01', contracts.FacilityId, 'not-an-id'],
    ['M1\n', contracts.MakerId, 'not-an-id'],
    ['Blanja', contracts.ChannelId, 'not-an-id'],
    ['beneficiary:', contracts.BeneficiaryId, 'not-an-id'],
    ['P-17 ', contracts.PersonId, 'not-a-person-id'],
    ['p 17', contracts.PersonId, 'not-a-person-id'],
    ['1.250', contracts.Units, 'not-a-whole-number'],
    ['1e3', contracts.Units, 'not-a-whole-number'],
    ['0x10', contracts.Units, 'not-a-whole-number'],
    ['9007199254740992', contracts.Money, 'not-a-whole-number'],
    ['99999999999999999999', contracts.Money, 'not-a-whole-number'],
    ['', contracts.Money, 'not-a-whole-number'],
    ['0', contracts.EntryAmount, 'not-a-whole-number'],
    ['1,5', contracts.Weight, 'not-a-decimal'],
    ['1.2345', contracts.Weight, 'not-a-decimal'],
    ['TRUE', contracts.Flag, 'not-a-flag'],
  ])('%j is told so, in Indonesian and English', (text, kind, code) => {
    const { fault } = kind.read(text);
    expect(fault?.code).toBe(code);
    expect(fault?.message.en).not.toBe('');
    expect(fault?.message.id).not.toBe(fault?.message.en);
  });
});

describe('a normal form', () => {
  it.each<[string, Kind, string | number]>([
    ['P-17', contracts.PersonId, 'p-17'],
    ['Ｐ－１７', contracts.PersonId, 'p-17'],
    ['007.500', contracts.Weight, '7.5'],
    ['007', contracts.Units, 7],
    ['-0', contracts.SignedMoney, 0],
    ['01890A5D-AC96-774B-BCCE-B302099A8057', contracts.Uuid, '01890a5d-ac96-774b-bcce-b302099a8057'],
  ])('of %j', (text, kind, normal) => {
    expect(kind.read(text)).toEqual({ value: normal });
  });
});
