/**
 * `npm run resume -- SERVICE [INSTANT]`: lets a service go on from where its database stands, for one that was put back
 * and is behind its group. What it has forgotten comes again. The service does not run meanwhile.
 *
 * INSTANT (ISO 8601), for a database that does not know where it stands: from what came then on.
 * DATABASE_URL (or LEDGER_DATABASE_URL and the like) names the database, KAFKA_BROKERS and KAFKA_USERNAME a Kafka and
 * somebody who may read as the group.
 */
import pg from 'pg';
import { configuredKafka, type Resumed, resume } from '#libs/messaging/kafka';
import { configuredUrl } from '../../libs/database/configured-url.ts';

const [service, instant, ...more] = process.argv.slice(2);
const client = new pg.Client(configuredUrl(`${service?.toUpperCase()}_DATABASE_URL`) ?? configuredUrl('DATABASE_URL'));
try {
  if (!service || more.length > 0) throw new Error('Usage: npm run resume -- SERVICE [INSTANT]');
  const before = instant === undefined ? undefined : new Date(instant);
  if (before && Number.isNaN(before.getTime()))
    throw new Error(`${instant} is no instant, as 2026-01-05T10:00:00+07:00`);
  await client.connect();
  const query = async <Row>(sql: string, parameters?: unknown[]) => (await client.query(sql, parameters)).rows as Row[];
  const resumed = await resume(configuredKafka(), service, { query }, before);
  console.log(
    resumed.length > 0 ? resumed.map(told).join('\n') : `${service} goes on where it was: nothing is missing.`,
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await client.end();
}

function told({ topic, partition, next, was }: Resumed): string {
  return `${topic}/${partition}: from ${next}, ${was - next} messages come again`;
}
