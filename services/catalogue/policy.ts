import { allowanceOf, type Policy } from '#libs/access';

/** Who may do what in the catalogue. docs/ACCESS.md lists it by route. */
export const cataloguePolicy = {
  'catalogue.import': { roles: ['administrator', 'officer'], person: true },
  'lot.list': { roles: ['officer', 'overseer', 'auditor', 'administrator'] },
  'maker.list': { roles: ['officer', 'overseer', 'auditor', 'administrator'] },
  'return.record': { roles: ['officer'], person: true },
} as const satisfies Policy;

export const Allow = allowanceOf(cataloguePolicy);
