import { allowanceOf, type Policy } from '#libs/access';

/** Who may do what with payments. docs/ACCESS.md lists it by route. */
export const paymentsPolicy = {
  'payment.read': { roles: ['marketplace', 'drafter@national', 'approver@national', 'auditor', 'operator'] },
  'settlement.report': { roles: ['marketplace', 'drafter@national'] },
  'exception.list': { roles: ['drafter@national', 'approver@national', 'auditor', 'operator'] },
  'exception.note': { roles: ['drafter@national', 'approver@national', 'operator'], person: true },
  'exception.accept': { roles: ['approver@national'], person: true, secondPerson: true },
  'disbursement.list': { roles: ['drafter', 'approver', 'auditor'] },
  'sandbox.play': { roles: ['operator'], demo: true },
} as const satisfies Policy;

export const Allow = allowanceOf(paymentsPolicy);
