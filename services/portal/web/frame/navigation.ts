/** Who finds what in the navigation: at most eight entries a role, and nothing that one may not see. */
import type { Grant, Role } from '../api/session.ts';

export type Place =
  | 'home'
  | 'overview'
  | 'facilities'
  | 'sales'
  | 'lots'
  | 'makers'
  | 'decisions'
  | 'premi'
  | 'ledger'
  | 'exceptions'
  | 'reports'
  | 'months'
  | 'audit'
  | 'agreements'
  | 'channels'
  | 'orders'
  | 'settlements'
  | 'rejected'
  | 'operations'
  | 'readings'
  | 'kiosk';

export const PATHS: Readonly<Record<Place, string>> = {
  home: '/',
  overview: '/overview',
  facilities: '/facilities',
  sales: '/sales',
  lots: '/lots',
  makers: '/makers',
  decisions: '/decisions',
  premi: '/premi',
  ledger: '/ledger',
  exceptions: '/exceptions',
  reports: '/reports',
  months: '/months',
  audit: '/audit',
  agreements: '/agreements',
  channels: '/channels',
  orders: '/orders',
  settlements: '/settlements',
  rejected: '/rejected',
  operations: '/operations',
  readings: '/readings',
  kiosk: '/kiosk',
};

/** The first is where one begins. A national drafter or approver begins with all facilities and closes months. */
const OF_ROLE: Readonly<Record<Role, readonly Place[]>> = {
  officer: ['home', 'sales', 'lots', 'makers'],
  drafter: ['home', 'decisions', 'sales', 'premi', 'ledger', 'exceptions', 'reports', 'months'],
  approver: ['decisions', 'home', 'sales', 'premi', 'ledger', 'exceptions', 'reports', 'months'],
  auditor: ['audit', 'ledger', 'sales', 'agreements', 'exceptions', 'decisions', 'reports'],
  overseer: ['overview', 'facilities', 'exceptions', 'reports', 'agreements'],
  marketplace: ['orders', 'rejected', 'settlements'],
  operator: ['operations', 'rejected', 'exceptions', 'channels'],
  privacy: ['readings'],
  administrator: ['lots'],
  maker: ['kiosk'],
};

export function navigationOf(grants: readonly Grant[]): readonly Place[] {
  const places = grants.flatMap((grant) => OF_ROLE[grant.role].flatMap((place) => within(place, grant) ?? []));
  return [...new Set(places)];
}

function within(place: Place, { kind }: Grant): Place | undefined {
  const isWide = kind === 'national' || kind === 'region';
  if (place === 'home' && isWide) return 'overview';
  if (place === 'premi' && kind === 'national') return 'agreements'; // what is shared everywhere is theirs to agree
  if (place === 'months' && kind !== 'national') return undefined; // a month is closed for all facilities at once
  return place;
}
