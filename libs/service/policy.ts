import { allowanceOf, type Policy } from '#libs/access';

/** Who may look after the messages of any service. */
export const operationsPolicy = {
  'dead-letter.read': { roles: ['operator'] },
  'dead-letter.resolve': { roles: ['operator'], person: true },
  'dead-letter.open': { roles: ['operator'], person: true },
  'personal-read.list': { roles: ['privacy', 'auditor'] },
  'approver.list': { roles: ['auditor', 'administrator', 'overseer@national'] },
} as const satisfies Policy;

export const Allow = allowanceOf(operationsPolicy);
