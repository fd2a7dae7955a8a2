import { AsyncLocalStorage } from 'node:async_hooks';

/** What runs at the moment, for the logs. */
export interface Running {
  readonly correlationId: string;
  /** Who asked, once a token has said it: a person id, and the program that he uses or that asks for itself. */
  person?: string | undefined;
  client?: string;
}

export const correlation = new AsyncLocalStorage<Running>();
