import { expect, it } from '@jest/globals';
import { type BankNotice, type Disbursement, transition } from './disbursement.ts';

const pending: Disbursement = {
  ...{ itemId: 'i', payoutId: 'p', facilityId: 'F1', bank: 'bri', payee: 'maker:M1', amount: 10 },
  ...{ status: 'pending', reason: null, correlationId: 'c' },
};
const paid: Disbursement = { ...pending, status: 'paid' };
const failed: Disbursement = { ...pending, status: 'failed', reason: 'closed' };
const pay: BankNotice = { type: 'pay' };
const fail: BankNotice = { type: 'fail', reason: 'closed' };

it.each([
  ['pending', pay, pending, paid],
  ['pending', fail, pending, failed],
  ['paid', pay, paid, paid],
  ['paid, and sent back', fail, paid, failed],
  ['failed', fail, failed, failed],
  ['failed for another reason', { type: 'fail', reason: 'other' } as BankNotice, failed, failed],
  ['failed', pay, failed, { refused: expect.any(String) }],
])('%s + %o', (_, notice, before, after) => {
  expect(transition(before, notice)).toEqual(after);
});
