import type { Allowed } from '../calls/patterns.ts';

/** Files that people take away: exactly what a screen shows, and templates to be filled in. */
export const EXPORTS: Allowed = {
  catalogue: ['imports/templates/:file'],
  orders: ['sales', 'channels/:channel/listings/:version', 'imports/templates/:file'],
  payments: [],
  ledger: [
    'entries',
    'reports/:name',
    'makers/:makerId/statement',
    'accounts/:code/statement',
    'exports/hledger',
    'exports/beancount',
  ],
};
