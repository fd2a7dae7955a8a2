import { allowanceOf, type Policy } from '#libs/access';

/** Readers of the books, as far as each sees. */
const READERS = ['officer', 'overseer', 'drafter', 'approver', 'auditor'] as const;
const NATIONAL_READERS = ['drafter@national', 'approver@national', 'auditor'] as const;

/** Who may do what in the ledger. docs/ACCESS.md lists it by route. */
export const ledgerPolicy = {
  'account.list': { roles: READERS },
  'account.read': { roles: READERS },
  'owner.read': { roles: [...READERS, 'maker'] },
  'trial-balance.read': { roles: READERS },
  'journal.read': { roles: READERS },
  'entry.explain': { roles: [...READERS, 'maker'] },
  'maker.read': { roles: ['officer', 'drafter', 'approver', 'auditor', 'maker'], person: true },
  'report.read': { roles: READERS },
  'exception.list': { roles: [...READERS, 'operator'] },
  'exception.note': { roles: ['drafter', 'approver', 'operator'], person: true },
  'reconciliation.read': { roles: [...NATIONAL_READERS, 'operator'] },
  'refused-event.read': { roles: [...NATIONAL_READERS, 'operator'] },
  'refused-event.redrive': { roles: ['drafter@national', 'operator'], person: true },
  'refused-event.discard': { roles: ['drafter@national'], person: true },
  'refused-event.discard-approve': { roles: ['approver@national'], person: true, secondPerson: true },
  'refused-event.discard-reject': { roles: ['drafter@national', 'approver@national'], person: true },
  'obligation.read': { roles: NATIONAL_READERS },
  'books.export': { roles: ['auditor'] },
  'verification.run': { roles: ['auditor'], person: true },

  'agreement.draft': { roles: ['drafter@national'], person: true },
  'agreement.approve': { roles: ['approver@national'], person: true, secondPerson: true },
  'agreement.reject': { roles: ['drafter@national', 'approver@national'], person: true },
  'agreement.simulate': { roles: NATIONAL_READERS, person: true },

  'decision.list': { roles: READERS },

  'adjustment.draft': { roles: ['drafter'], person: true },
  'adjustment.approve': { roles: ['approver'], person: true, secondPerson: true },
  'adjustment.reject': { roles: ['drafter', 'approver'], person: true },
  'adjustment.read': { roles: READERS },

  'hold.assign': { roles: ['drafter@national'], person: true },

  'deposit.bill': { roles: ['drafter'], person: true },
  'deposit.confirm': { roles: ['drafter'], person: true },
  'deposit.read': { roles: READERS },

  'payout.propose': { roles: ['drafter'], person: true },
  'payout.review': { roles: ['drafter'], person: true },
  'payout.approve': { roles: ['approver'], person: true, secondPerson: true },
  'payout.reject': { roles: ['drafter', 'approver'], person: true },
  'payout.read': { roles: READERS },

  'maker-event.draft': { roles: ['drafter'], person: true },
  'maker-event.report': { roles: ['officer', 'drafter'], person: true },
  'maker-event.approve': { roles: ['approver'], person: true, secondPerson: true },
  'maker-event.reject': { roles: ['officer', 'drafter', 'approver'], person: true },
  'maker-event.read': { roles: READERS },

  'period.read': { roles: ['overseer@national', ...NATIONAL_READERS] },
  'period.request': { roles: ['drafter@national'], person: true },
  'period.approve': { roles: ['approver@national'], person: true, secondPerson: true },
  'period.reject': { roles: ['drafter@national', 'approver@national'], person: true },
} as const satisfies Policy;

export const Allow = allowanceOf(ledgerPolicy);
