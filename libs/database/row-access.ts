import { AsyncLocalStorage } from 'node:async_hooks';

/** Which rows the work at hand may see. */
export interface RowAccess {
  scope?: 'all' | { readonly facilities: readonly string[]; readonly maker?: string };
}

export const rowAccess = new AsyncLocalStorage<RowAccess>();
