import type { Allowed, Pattern } from '../calls/patterns.ts';

/** Drafted by one person, decided by another. */
const decided = (path: Pattern): Pattern[] =>
  ['approval', 'rejection', 'withdrawal'].map((decision) => `${path}/${decision}`);

/** Messages that could not be processed, of any service. */
const letters: readonly Pattern[] = [
  'dead-letters/:id/redrive',
  'dead-letters/:id/discard',
  'dead-letters/redrives',
  'undeliverable/:id/redrive',
  'undeliverable/:id/discard',
  'undeliverable/redrive',
];

/** What people decide and record in the portal; marketplaces and programs do the rest. Who may, each service says. */
export const COMMANDS: Allowed = {
  catalogue: [
    'lots',
    'lots/:id/versions',
    'lots/:id/counts',
    'lots/:id/write-offs',
    'imports',
    'returns',
    'makers/search',
    'makers/:makerId/consent',
    'makers/:makerId/erasure',
    'makers/:makerId/erasure/approval',
    'makers/:makerId/erasure/withdrawal',
    ...letters,
  ],
  orders: [
    'channels',
    'channels/:channel/terms',
    ...decided('channels/:channel/terms/:version'),
    'channels/:channel/listings',
    'channels/:channel/listings/comparison',
    ...decided('channels/:channel/listings/:version'),
    'channels/:channel/stores',
    ...decided('channels/:channel/stores/:version'),
    ...letters,
  ],
  payments: [
    'settlement-files',
    'exceptions/:kind/:reference/notes',
    'exceptions/:kind/:reference/approval',
    ...letters,
  ],
  ledger: [
    'payouts',
    'payouts/:id/review',
    ...decided('payouts/:id'),
    'deposits',
    'deposits/:id/receipt',
    'adjustments',
    'adjustments/contributions',
    'adjustments/obligations',
    'adjustments/differences',
    ...decided('adjustments/:id'),
    'holds/:reference/assignment',
    'refused-events/:id/redrive',
    'refused-events/:id/discard',
    ...decided('refused-events/:id/discard'),
    'maker-events/transfers',
    'maker-events/releases',
    'maker-events/freezes',
    'maker-events/unfreezes',
    'maker-events/merges',
    ...decided('maker-events/:id'),
    'agreements',
    'agreements/lint',
    'agreements/:id/:version/simulations',
    ...decided('agreements/:id/:version'),
    'periods/:month/:action',
    ...decided('periods/decisions/:id'),
    'exceptions/:kind/:reference/notes',
    'verifications',
    'verifications/:id/cancellation',
    ...letters,
  ],
};

/** The same for what replaces something: PUT. */
export const REPLACEMENTS: Allowed = {
  catalogue: ['lots/:id/contributions', 'products/:sku/low-stock'],
  orders: [],
  payments: [],
  ledger: [],
};
