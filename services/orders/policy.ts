import { allowanceOf, type Policy } from '#libs/access';

const READERS = ['marketplace', 'drafter@national', 'approver@national', 'auditor', 'operator'] as const;

/** Who may do what with orders. docs/ACCESS.md lists it by route. */
export const ordersPolicy = {
  'checkout.send': { roles: ['marketplace'] },
  'refund.request': { roles: ['marketplace', 'drafter@national'] },
  'order.list': { roles: READERS },
  'order.read': { roles: READERS },
  'rejected-checkout.list': { roles: ['marketplace', 'auditor', 'operator'] },
  'channel.draft': { roles: ['drafter@national'], person: true },
  'channel-terms.list': { roles: ['drafter@national', 'approver@national', 'auditor', 'operator'] },
  'channel-terms.approve': { roles: ['approver@national'], person: true, secondPerson: true },
  'channel-terms.reject': { roles: ['drafter@national', 'approver@national'], person: true },
  'order.import': { roles: ['operator'] },
} as const satisfies Policy;

export const Allow = allowanceOf(ordersPolicy);
