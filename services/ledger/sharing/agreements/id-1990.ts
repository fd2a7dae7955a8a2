import type { Agreement } from './agreement.ts';

/**
 * The default: half to the makers, 35 % to the facility's working capital, 15 % to the state (PNBP).
 * Facilities differ in practice (60/15/25 at one, 30/70 at another), so it is an agreement like any other.
 */
export const id1990: Agreement = {
  id: 'ID-1990',
  version: 1,
  source: 'Decree M.01-PP.02.01/1990, as quoted by secondary sources; the text of the decree itself was not seen',
  basis: 'net-of-costs',
  sale: {
    steps: [
      {
        id: 'shares',
        take: 'rest',
        to: [
          { to: 'makers', rate: { bp: 5000 } },
          { to: 'facility', rate: { bp: 3500 } },
          { to: 'state', rate: { bp: 1500 } },
        ],
      },
    ],
  },
  recovery: { bp: 5000 },
};
