/**
 * `npm run ledger:forgotten -- INSTANT`: for books that were put back, what people had decided from that instant on
 * (ISO 8601, before the moment to which they were put back) and the books do not know, as they told it themselves on
 * ledger.books.v1. Exit code 0: nothing; 1: something; 2: not done.
 *
 * LEDGER_DATABASE_URL (or DATABASE_URL) names the books, KAFKA_BROKERS and KAFKA_USERNAME a Kafka and somebody who may
 * read that topic and as any group.
 */
import pg from 'pg';
import { decisionChanged } from '#libs/contracts';
import { configuredKafka, eventsSince } from '#libs/messaging/kafka';
import { configuredUrl } from '../../../../libs/database/configured-url.ts';
import type { DecisionChanged } from './decisions.ts';
import { type Forgotten, forgottenOf } from './forgotten.repository.ts';

const client = new pg.Client(configuredUrl('LEDGER_DATABASE_URL') ?? configuredUrl('DATABASE_URL'));
try {
  const [instant = '', ...more] = process.argv.slice(2);
  const since = new Date(instant);
  if (Number.isNaN(since.getTime()) || more.length > 0) throw new Error('Usage: npm run ledger:forgotten -- INSTANT');
  await client.connect();
  const query = async <Row>(sql: string, parameters?: unknown[]) => (await client.query(sql, parameters)).rows as Row[];
  const told = (await eventsSince(configuredKafka(), decisionChanged.topic.name, since)).flatMap(({ type, data }) =>
    type === decisionChanged.type ? [data as DecisionChanged] : [],
  );
  const forgotten = await forgottenOf({ query }, told);
  console.log(
    forgotten.length > 0 ? forgotten.map(sentence).join('\n') : 'The books know everything that was decided.',
  );
  process.exitCode = forgotten.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
} finally {
  await client.end();
}

function sentence({ told, is }: Forgotten): string {
  const { kind, id, version, facilityId, status, changedAt, draftedBy, reviewedBy, decidedBy } = told;
  const name = [kind, id, version, facilityId && `of ${facilityId}`].filter(Boolean).join(' ');
  const by = [
    draftedBy && `drafted by ${draftedBy}`,
    reviewedBy && `reviewed by ${reviewedBy}`,
    decidedBy && `decided by ${decidedBy}`,
  ];
  return `${name}: ${[`${status} at ${changedAt}`, ...by].filter(Boolean).join(', ')}; the books say ${is ?? 'nothing of it'}`;
}
