import { allowanceOf, type Policy } from '#libs/access';

/** Who may do what in the catalogue. docs/ACCESS.md lists it by route. */
export const cataloguePolicy = {
  'catalogue.import': { roles: ['administrator', 'officer'], person: true },
  'category.add': { roles: ['administrator'], person: true },
  'feed.read': { roles: ['marketplace'] },
  'lot.list': { roles: ['officer', 'overseer', 'auditor', 'administrator'] },
  'lot.record': { roles: ['officer'], person: true },
  'maker.list': { roles: ['officer', 'overseer', 'auditor', 'administrator'] },
  'person.read': { roles: ['officer', 'drafter@facility', 'privacy'], person: true },
  'consent.give': { roles: ['officer', 'maker'], person: true },
  'erasure.list': { roles: ['privacy', 'auditor'] },
  'erasure.ask': { roles: ['privacy'], person: true },
  'erasure.approve': { roles: ['privacy'], person: true, secondPerson: true },
  'stock.adjust': { roles: ['officer'], person: true },
  'return.record': { roles: ['officer'], person: true },
} as const satisfies Policy;

export const Allow = allowanceOf(cataloguePolicy);
