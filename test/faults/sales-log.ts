/** The broker's own record of what the ledger was told, to compare with the order in which it posted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '#libs/contracts';
import { connectKafka } from '#libs/messaging/kafka';
import { rowsOf, type System } from './system.ts';

const CATCH_UP_DEADLINE_MS = 20_000;

export interface SalesLog {
  /** Lines about facilities whose sales and refunds are in the books in another order than they came in. */
  disorder(system: System, round: string): Promise<string[]>;
  close(): Promise<void>;
}

/** Reads along. Of an event that is there more than once the first counts, as for every consumer. */
export async function readSalesLog(system: System): Promise<SalesLog> {
  /** Place of each event's first delivery, in the order of its partition. */
  const places = new Map<string, number>();
  const consumer = connectKafka('auditor', system.kafkaBrokers).consumer({
    groupId: 'auditor',
    maxWaitTimeInMs: 100,
    retry: { retries: 1_000 },
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topics.sale.name], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const id = message.headers?.ce_id?.toString() ?? '';
      places.set(id, Math.min(places.get(id) ?? Number.POSITIVE_INFINITY, Number(message.offset)));
    },
  });
  return {
    disorder: async ({ databaseUrls }, round) => {
      const posted = await rowsOf<{ code: string; id: string; reference: string }>(
        databaseUrls.ledger,
        `SELECT DISTINCT ON (account_id, account_version) code, source_event_id AS id, source_reference AS reference
           FROM journal JOIN entry USING (journal_id) JOIN account USING (account_id)
          WHERE code LIKE 'channel:%:receivable@%' AND source_reference LIKE '%/' || $1 || '-%'
          ORDER BY account_id, account_version`,
        [round],
      );
      const deadline = performance.now() + CATCH_UP_DEADLINE_MS;
      while (posted.some(({ id }) => !places.has(id))) {
        if (performance.now() > deadline) return ['sales are in the books that the broker never had'];
        await sleep(100);
      }
      return posted.flatMap(({ code, id, reference }, index) => {
        const before = posted[index - 1];
        const isLate = before?.code === code && Number(places.get(before.id)) > Number(places.get(id));
        return isLate ? [`${code}: ${before.reference} was posted before ${reference}, and came after it`] : [];
      });
    },
    close: () => consumer.disconnect(),
  };
}
