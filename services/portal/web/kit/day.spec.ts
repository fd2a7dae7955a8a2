import { describe, expect, it } from '@jest/globals';
import {
  clock,
  day,
  dayOf,
  instantOn,
  lastDayOf,
  moment,
  monthAfter,
  monthName,
  monthsBetween,
  thisMonth,
} from './day.ts';

describe('day', () => {
  it('is written as the reader writes it', () => {
    expect(day('2026-05-05', 'id')).toBe('5 Mei 2026');
    expect(day('2026-05-05', 'en')).toBe('5 May 2026');
    expect(monthName('2026-08', 'id')).toBe('Agustus 2026');
  });

  it('is of the zone where the sale was: half past midnight in Mataram is still yesterday in Jakarta', () => {
    const placedAt = '2026-11-04T16:30:00.000Z';
    expect(moment(placedAt, 'id', 'Asia/Makassar')).toBe('5 Nov 2026, 00.30 WITA');
    expect(dayOf(placedAt)).toBe('2026-11-04');
    expect(clock(placedAt, 'en', 'Asia/Jayapura')).toBe('01:30 WIT');
  });

  it('has an instant that is not later than now', () => {
    const now = new Date('2026-11-30T02:00:00Z');
    expect(instantOn('2026-11-30', now)).toBe('2026-11-30T02:00:00.000Z');
    expect(instantOn('2026-11-29', now)).toBe('2026-11-29T12:00:00+07:00');
  });

  it('begins a month when Jakarta does', () => {
    expect(thisMonth(new Date('2026-11-30T16:59:59Z'))).toBe('2026-11');
    expect(thisMonth(new Date('2026-11-30T17:00:00Z'))).toBe('2026-12');
  });

  it('counts months over the year, and their days', () => {
    expect(monthAfter('2026-12', 1)).toBe('2027-01');
    expect(monthAfter('2026-01', -1)).toBe('2025-12');
    expect(monthsBetween('2026-11', '2027-02')).toEqual(['2026-11', '2026-12', '2027-01', '2027-02']);
    expect(lastDayOf('2028-02')).toBe('2028-02-29');
    expect(lastDayOf('2026-11')).toBe('2026-11-30');
  });
});
