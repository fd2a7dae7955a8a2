import { AsyncLocalStorage } from 'node:async_hooks';

/** The correlation id of what runs at the moment, for the logs. */
export const correlation = new AsyncLocalStorage<{ correlationId: string }>();
