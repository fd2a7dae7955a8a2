import { describe, expect, it } from '@jest/globals';
import { axisMoney, count, decimal, money, percentage } from './money.ts';

describe('money', () => {
  it('groups thousands as the reader does', () => {
    expect(money(1_140_000, 'id')).toBe('Rp1.140.000');
    expect(money(1_140_000, 'en')).toBe('Rp1,140,000');
    expect(money(999, 'id')).toBe('Rp999');
    expect(money(0, 'id')).toBe('Rp0');
  });

  it('writes a debt with a true minus, before the currency', () => {
    expect(money(-62_900, 'id')).toBe('\u2212Rp62.900');
    expect(money(-62_900, 'id')).not.toContain('-');
  });

  it('keeps every digit of the largest sum', () => {
    expect(money(Number.MAX_SAFE_INTEGER, 'id')).toBe('Rp9.007.199.254.740.991');
  });

  it('writes exact decimals and counts', () => {
    expect(decimal('78374.85', 'id')).toBe('78.374,85');
    expect(decimal('-78374.85', 'en')).toBe('\u221278,374.85');
    expect(decimal('24.5', 'id')).toBe('24,5');
    expect(decimal('0.00009', 'id')).toBe('0,00009');
    expect(count(5000, 'id')).toBe('5.000');
  });

  it('writes rates as a percentage, or as the fraction that they are', () => {
    expect(percentage({ num: 35, den: 100 }, 'id')).toBe('35 %');
    expect(percentage({ num: 1, den: 8 }, 'id')).toBe('12,5 %');
    expect(percentage({ num: 1, den: 3 }, 'id')).toBe('1/3');
  });

  it('shortens on axes', () => {
    expect(axisMoney(1_240_000, 'id')).toBe('1,2 jt');
    expect(axisMoney(1_240_000, 'en')).toBe('1.2m');
    expect(axisMoney(-500, 'id')).toBe('\u2212500');
    expect(axisMoney(2_000_000_000, 'id')).toBe('2 M');
  });
});
