/** What is asked and told events: each has its own port and its own database, named after it. */
export const SERVICES = ['catalogue', 'orders', 'payments', 'ledger'] as const;

export type Service = (typeof SERVICES)[number];

/** The processes of Pasindo: the portal, which people open, has a port and a database of its own as well. */
export const PROGRAMS = [...SERVICES, 'portal'] as const;

export type Program = (typeof PROGRAMS)[number];

const DEFAULT_PORTS: Record<Program, number> = {
  portal: 3000,
  catalogue: 3001,
  orders: 3002,
  payments: 3003,
  ledger: 3004,
};

/** The port of a program on this computer: `CATALOGUE_PORT` and so on, else 3000 to 3004. */
export function configuredPort(program: Program): number {
  return Number(process.env[`${program.toUpperCase()}_PORT`] ?? DEFAULT_PORTS[program]);
}

/** Of the issuer of tokens on this computer. */
export const IDENTITY_PORT = Number(process.env.IDENTITY_PORT ?? 3010);

/** `of(service)` for each of them. */
export function forEachService<T>(of: (service: Service) => T): Record<Service, T> {
  return forEachOf(SERVICES, of);
}

/** `of(name)` by name. */
export function forEachOf<Name extends Program, T>(names: readonly Name[], of: (name: Name) => T): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, T>;
}
