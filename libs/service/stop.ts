import { log } from '#libs/observability';

/** Past it the process ends without committing; what was under way comes again. */
const STOP_DEADLINE_MS = 10_000;

/** Told to stop, the process finishes what is under way: batches, the outbox's part on its way, requests. */
export function stopOnSignal(app: { close(): Promise<void> }): void {
  const stop = async (signal: string): Promise<void> => {
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error('not stopped in time, ending without committing');
      process.exit(1);
    }, STOP_DEADLINE_MS).unref();
    await app.close();
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
