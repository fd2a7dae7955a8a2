import { allowanceOf, type Policy } from '#libs/access';

/** Who may look after the messages of any service. */
export const operationsPolicy = {
  'dead-letter.read': { roles: ['operator'] },
  'dead-letter.resolve': { roles: ['operator'], person: true },
  'approver.list': { roles: ['auditor', 'administrator', 'overseer@national'] },
} as const satisfies Policy;

export const Allow = allowanceOf(operationsPolicy);
