import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

const { prototype: queue } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
  prototype: RequestQueue;
};
const schedule = queue.scheduleCheckPendingRequests;

/**
 * Makes kafkajs look after requests that wait while there are some. Left to itself, kafkajs 2.2.4 looks after none every
 * millisecond, on every connection, for ever (tulios/kafkajs#1704): half of what an idle service costs.
 */
export function lookAfterWaitingRequestsOnly(): void {
  queue.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this);
  };
}
