import { AsyncLocalStorage } from 'node:async_hooks';

/** Rows of some facilities, and what is about one maker. */
export interface RowScope {
  readonly facilities: readonly string[];
  readonly maker?: string;
}

/** Which rows the work at hand may see. */
export interface RowAccess {
  /** Undefined: nobody has said so yet, and nothing is read. Of a public route it is said as well. */
  scope?: 'all' | RowScope;
}

/** Each request runs in its own. Work that nobody asks for (events, timers, commands) runs in none, and sees all rows. */
export const rowAccess = new AsyncLocalStorage<RowAccess>();

/** Undefined: all rows. */
export function rowScope(): RowScope | undefined {
  const access = rowAccess.getStore();
  if (!access) return undefined;
  if (!access.scope) throw new Error('a request reads before anybody has said which rows it may see');
  return access.scope === 'all' ? undefined : access.scope;
}

/**
 * The facilities of the scope, as a parameter of lists: they are planned by it, and do not stand on row-level security
 * alone. Null: all.
 */
export function facilitiesInScope(): readonly string[] | null {
  return rowScope()?.facilities ?? null;
}

export function isInScope(facilityId: string): boolean {
  return facilitiesInScope()?.includes(facilityId) ?? true;
}

/**
 * With all rows: what follows from a row that was seen under the scope, such as its explanation. Who may call it is listed
 * in elevated.spec.ts.
 */
export function elevated<T>(work: () => Promise<T>): Promise<T> {
  return rowAccess.run({ scope: 'all' }, work);
}
