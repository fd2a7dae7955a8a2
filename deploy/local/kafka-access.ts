/** `npm run kafka:access [-- CHANNEL...]`: who may do what on Kafka, as the contracts say; a channel that is new gets its topic. */
import { buildIfStale } from './build.ts';
import { PASINDO_DIRECTORY } from './embedded.ts';
import { localKafka } from './infrastructure.ts';
import { makeAccess } from './kafka/users.ts';

try {
  await buildIfStale(console.log);
  console.log(await makeAccess(localKafka(PASINDO_DIRECTORY), process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
