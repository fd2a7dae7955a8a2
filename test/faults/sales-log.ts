/** The broker's own record of what the ledger was told, to compare with the order in which it posted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '#libs/contracts';
import { configuredKafka, connectKafka } from '#libs/messaging/kafka';
import { rowsOf, type System } from './system.ts';

const READING_DEADLINE_MS = 30_000;

type Header = readonly [name: string, value: Buffer];

export interface SalesLog {
  /** Lines about facilities whose sales and refunds of a round are in the books in another order than they came in. */
  disorder(round: string): Promise<string[]>;
}

export function salesLogOf(system: System): SalesLog {
  /** Place of each event's first delivery in its partition: of one that is there twice the first counts. */
  const places = new Map<string, number>();

  /** Goes on where it stopped the last time, until it has seen these events. */
  const read = async (ids: readonly string[]): Promise<boolean> => {
    const consumer = connectKafka('auditor', configuredKafka(system.kafka.administrator)).consumer({
      groupId: 'auditor',
      maxWaitTimeInMs: 100,
    });
    const deadline = performance.now() + READING_DEADLINE_MS;
    const isComplete = (): boolean => ids.every((id) => places.has(id));
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [topics.sale.name], fromBeginning: true });
      await consumer.run({
        eachMessage: async ({ message }) => {
          const headers = message.headers as unknown as readonly Header[]; // as our client reads them
          const id = headers.find(([name]) => name === 'ce_id')?.[1].toString() ?? '';
          places.set(id, Math.min(places.get(id) ?? Number.POSITIVE_INFINITY, Number(message.offset)));
        },
      });
      while (!isComplete() && performance.now() < deadline) await sleep(50);
    } finally {
      await consumer.disconnect();
    }
    return isComplete();
  };

  return {
    disorder: async (round) => {
      const posted = await rowsOf<{ code: string; id: string; reference: string }>(
        system.databaseUrls.ledger,
        `SELECT DISTINCT ON (account_id, account_version) code, source_event_id AS id, source_reference AS reference
           FROM journal JOIN entry USING (journal_id) JOIN account USING (account_id)
          WHERE code LIKE 'channel:%:receivable@%' AND source_reference LIKE '%/' || $1 || '-%'
            AND journal.kind IN ('sale', 'refund')
          ORDER BY account_id, account_version`,
        [round],
      );
      if (!(await read(posted.map(({ id }) => id)))) return ['sales are in the books that the broker never had'];
      return posted.flatMap(({ code, id, reference }, index) => {
        const before = posted[index - 1];
        const isLate = before?.code === code && Number(places.get(before.id)) > Number(places.get(id));
        return isLate ? [`${code}: ${before.reference} was posted before ${reference}, and came after it`] : [];
      });
    },
  };
}
