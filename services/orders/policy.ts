import { allowanceOf, type Policy } from '#libs/access';

/** Of what their facilities sold. */
const SALE_READERS = ['officer', 'overseer', 'drafter', 'approver', 'auditor'] as const;

/** Who may do what with orders. docs/ACCESS.md lists it by route. */
export const ordersPolicy = {
  'checkout.send': { roles: ['marketplace'] },
  'refund.request': { roles: ['marketplace', 'drafter@national'] },
  'fulfilment.tell': { roles: ['marketplace', 'drafter@national'] },
  'dispute.tell': { roles: ['marketplace', 'drafter@national'] },
  'order.list': { roles: ['marketplace', 'drafter@national', 'approver@national', 'auditor', 'operator'] },
  'order.read': { roles: ['marketplace', ...SALE_READERS, 'operator'] },
  'sale.list': { roles: SALE_READERS },
  'rejected-checkout.list': { roles: ['marketplace', 'auditor', 'operator'] },
  'outcome.list': { roles: ['marketplace', 'operator'] },
  'webhook-message.list': { roles: ['marketplace', 'operator'] },
  'webhook-message.open': { roles: ['operator'], person: true },
  'outgoing-webhook.list': { roles: ['marketplace', 'operator'] },
  'outgoing-webhook.redrive': { roles: ['marketplace', 'operator'] },
  'channel.draft': { roles: ['drafter@national'], person: true },
  'channel-terms.list': { roles: ['drafter@national', 'approver@national', 'auditor', 'operator'] },
  'channel-terms.approve': { roles: ['approver@national'], person: true, secondPerson: true },
  'channel-terms.reject': { roles: ['drafter@national', 'approver@national'], person: true },
  'listing.list': { roles: ['drafter@national', 'approver@national', 'auditor', 'operator'] },
  'listing.approve': { roles: ['approver@national'], person: true, secondPerson: true },
  'listing.reject': { roles: ['drafter@national', 'approver@national'], person: true },
  'store.list': { roles: ['drafter@national', 'approver@national', 'auditor', 'operator'] },
  'store.approve': { roles: ['approver@national'], person: true, secondPerson: true },
  'store.reject': { roles: ['drafter@national', 'approver@national'], person: true },
  'order.import': { roles: ['operator'] },
} as const satisfies Policy;

export const Allow = allowanceOf(ordersPolicy);
