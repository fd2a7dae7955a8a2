import { setTimeout as sleep } from 'node:timers/promises';
import { Gauge } from 'prom-client';

const READ_TIMEOUT_MS = 2_000;

interface Figure {
  readonly name: string;
  readonly help: string;
  read(): Promise<number>;
  /** Said when it cannot be read in time; without it nothing is said. */
  readonly unread?: number;
}

/** A gauge that is read when it is asked for. The page of metrics answers whatever becomes of the reading. */
export function observe({ name, help, read, unread }: Figure): void {
  new Gauge({
    name,
    help,
    async collect() {
      const timeout = sleep(READ_TIMEOUT_MS, undefined, { ref: false });
      const value = (await Promise.race([read().catch(() => undefined), timeout])) ?? unread;
      if (value === undefined) this.remove();
      else this.set(value);
    },
  });
}
