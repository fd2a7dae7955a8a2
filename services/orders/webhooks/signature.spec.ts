import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faultOfSignature, signatureOf } from './signature.ts';

const NOW = new Date('2026-01-05T02:30:00Z');
const [one, other] = ['a secret of thirty-two characters', 'another secret, of as many or more'];
const body = Buffer.from('{"specversion":"1.0"}');
const judged = (header: string, { secrets = [one], at = NOW, of = body } = {}) =>
  faultOfSignature(header, of, secrets, at);

describe('a signature', () => {
  it('is what the guide says (a known answer, so that others can compute it as well)', () => {
    expect(signatureOf(body, [one], NOW)).toBe(
      't=1767580200,v1=b48a6a7e05a7d80e10fdf4ab634ee9ea302a0149d97d9805828f73ff47a367aa',
    );
  });

  it('counts under any of the secrets of both, so that either side can change its own first', () => {
    expect(judged(signatureOf(body, [one], NOW), { secrets: [other, one] })).toBeUndefined();
    expect(judged(signatureOf(body, [other, one], NOW), { secrets: [one] })).toBeUndefined();
    expect(judged(signatureOf(body, [other], NOW), { secrets: [one] })).toBe('bad-signature');
    expect(judged(signatureOf(body, [one], NOW), { secrets: [] })).toBe('bad-signature');
  });

  it('counts for 300 seconds, before and after', () => {
    const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);
    const header = signatureOf(body, [one], NOW);
    for (const seconds of [-300, 0, 300]) expect(judged(header, { at: later(seconds) })).toBeUndefined();
    for (const seconds of [-301, 301, 1e9]) expect(judged(header, { at: later(seconds) })).toBe('stale-signature');
  });

  it('of other bytes, or of another time, is none', () => {
    const header = signatureOf(body, [one], NOW);
    fc.assert(
      fc.property(fc.nat(body.length * 8 - 1), (bit) => {
        const changed = Buffer.from(body);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(judged(header, { of: changed })).toBe('bad-signature');
      }),
    );
    expect(judged(header.replace('t=1767580200', 't=1767580201'))).toBe('bad-signature');
  });

  it.each([
    '',
    't=1',
    'v1=00',
    't=,v1=',
    't=1,t=2',
    't=-1,v1=00',
    `t=1767580200,v1=${'0'.repeat(64)}`,
    `t=${'9'.repeat(40)}`,
  ])('%j is none', (header) => {
    expect(judged(header)).toBe('bad-signature');
  });

  it('is judged whatever is sent in its place', () => {
    fc.assert(fc.property(fc.string(), (header) => expect(judged(header)).toBe('bad-signature')));
  });
});
