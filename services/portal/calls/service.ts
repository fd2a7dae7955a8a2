/** The services that the portal asks, in the name of whoever is signed in. */
export const SERVICES = ['catalogue', 'orders', 'payments', 'ledger'] as const;

export type Service = (typeof SERVICES)[number];

/** Our own name: the token that says what somebody is granted is issued to it. */
export const PORTAL = 'portal';

export function audienceOf(name: Service | typeof PORTAL): string {
  return `urn:pasindo:${name}`;
}

export function isService(name: string): name is Service {
  return (SERVICES as readonly string[]).includes(name);
}

const USUAL_PORTS: Record<Service, number> = { catalogue: 3001, orders: 3002, payments: 3003, ledger: 3004 };

/** Environment: CATALOGUE_ADDRESS and so on, else where `npm start` has it. */
export function addressOf(service: Service): string {
  return process.env[`${service.toUpperCase()}_ADDRESS`] ?? `http://127.0.0.1:${USUAL_PORTS[service]}`;
}
