import { describe, expect, it } from '@jest/globals';
import { AccountCode, accountOfCode, totalsOf } from './account.ts';

describe('accountOfCode', () => {
  it.each([
    ['channel:blanja:receivable@F1', 'asset', 'channel:blanja', 'receivable', 'F1'],
    ['channel:blanja:fees@F1', 'liability', 'channel:blanja', 'fees', 'F1'],
    ['channel:blanja:shipping@F1', 'liability', 'channel:blanja', 'shipping', 'F1'],
    ['maker:M1:wages-pending', 'liability', 'maker:M1', 'wages-pending', null],
    ['maker:M1:wages', 'liability', 'maker:M1', 'wages', null],
    ['maker:M1:savings', 'liability', 'maker:M1', 'savings', null],
    ['maker:M1:receivable', 'asset', 'maker:M1', 'receivable', null],
    ['beneficiary:victims:payable@F1', 'liability', 'beneficiary:victims', 'payable', 'F1'],
    ['facility:F1:earnings-pending', 'liability', 'facility:F1', 'earnings-pending', 'F1'],
    ['facility:F1:earnings', 'liability', 'facility:F1', 'earnings', 'F1'],
    ['facility:F1:cost-recovery', 'liability', 'facility:F1', 'cost-recovery', 'F1'],
    ['state:pnbp@F1', 'liability', 'state', 'pnbp', 'F1'],
    ['tax:vat-output@F1', 'liability', 'tax', 'vat-output', 'F1'],
    ['tax:pph22-withheld@F1', 'asset', 'tax', 'pph22-withheld', 'F1'],
    ['bank:bri@F1', 'asset', 'bank:bri', 'bank', 'F1'],
    ['channel:blanja:variance@F1', 'liability', 'channel:blanja', 'variance', 'F1'],
    ['suspense@F1', 'liability', 'suspense', 'suspense', 'F1'],
  ])('%s', (code, accountClass, owner, purpose, facilityId) => {
    expect(accountOfCode(code)).toEqual({ code, class: accountClass, owner, purpose, facilityId });
  });

  it('finds the owner of a code even if ids look like codes', () => {
    expect(accountOfCode('maker:a:wages@x:wages-pending')).toMatchObject({ owner: 'maker:a:wages@x' });
    expect(accountOfCode('facility:Lapas @ Cikarang: III:earnings')).toMatchObject({
      facilityId: 'Lapas @ Cikarang: III',
    });
    expect(accountOfCode('state:pnbp@a@b')).toMatchObject({ facilityId: 'a@b' });
  });

  it.each([
    ...['', 'maker:M1', 'maker::wages', 'maker:M1:wage', 'state:pnbp', 'channel:a:b:fees@F1', 'x:M1:wages'],
    ...['constructor', 'constructor:M1:wages', 'maker:M1:constructor', 'facility:F1:constructor'], // names of any object
  ])('refuses %p', (code) => {
    expect(() => accountOfCode(code)).toThrow(RangeError);
    expect(AccountCode.read(code).fault).toMatchObject({ code: 'not-an-account' });
  });
});

describe('totalsOf', () => {
  it('counts every credit once, and the buyer’s side not at all', () => {
    const entries = [
      { account: 'channel:blanja:receivable@F1', amount: 255 },
      { account: 'facility:F1:cost-recovery', amount: -1 },
      { account: 'facility:F1:earnings-pending', amount: -2 },
      { account: 'maker:M1:wages-pending', amount: -3 },
      { account: 'maker:M1:savings', amount: -1 },
      { account: 'state:pnbp@F1', amount: -8 },
      { account: 'beneficiary:victims:payable@F1', amount: -16 },
      { account: 'channel:blanja:fees@F1', amount: -32 },
      { account: 'channel:blanja:shipping@F1', amount: -64 },
      { account: 'tax:vat-output@F1', amount: -100 },
      { account: 'suspense@F1', amount: -28 },
    ];
    expect(totalsOf(entries)).toEqual({
      costRecovery: 1,
      facility: 2,
      makers: 4,
      state: 8,
      beneficiaries: 16,
      fees: 32,
      shipping: 64,
      tax: 100,
      suspense: 28,
    });
  });
});
