/** The processes of Pasindo: each has its own port and its own database, named after it. */
export const SERVICES = ['catalogue', 'orders', 'payments', 'ledger'] as const;

export type Service = (typeof SERVICES)[number];

const DEFAULT_PORTS: Record<Service, number> = { catalogue: 3001, orders: 3002, payments: 3003, ledger: 3004 };

/** The port of a service on this computer: `CATALOGUE_PORT` and so on, else 3001 to 3004. */
export function configuredPort(service: Service): number {
  return Number(process.env[`${service.toUpperCase()}_PORT`] ?? DEFAULT_PORTS[service]);
}

/** Of the issuer of tokens on this computer. */
export const IDENTITY_PORT = Number(process.env.IDENTITY_PORT ?? 3010);

/** `of(service)` for each of them. */
export function forEachService<T>(of: (service: Service) => T): Record<Service, T> {
  return Object.fromEntries(SERVICES.map((service) => [service, of(service)])) as Record<Service, T>;
}
