/**
 * Runs before each integration test file: removes the topics of the files before it, and with them the offsets of their
 * groups. The names of topics and groups are those of production: what one file left would be delivered to the next.
 */
import { connectKafka } from '#libs/messaging/kafka';

const admin = connectKafka('test-kit').admin();
await admin.connect();
const topics = (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
if (topics.length > 0) await admin.deleteTopics({ topics });
await admin.disconnect();
