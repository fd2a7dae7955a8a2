import { afterAll, expect, it } from '@jest/globals';
import { orderPaid, salePaid, topics } from '#libs/contracts';
import { eventually } from '../../../test/kit/service.ts';
import type { Subscription } from '../broker.ts';
import { connectKafka } from './client.ts';
import { KafkaBroker } from './kafka-broker.ts';

const GROUP = 'ledger';

const broker = new KafkaBroker('hearers');
/** Of a version that tells its group nothing. */
const earlier = connectKafka('earlier').consumer({ groupId: GROUP });
let member: Subscription | undefined;

afterAll(async () => {
  await earlier.disconnect();
  await member?.stop();
});

/** Undefined while the group is formed anew. */
const unheard = (): Promise<string[] | undefined> =>
  broker.unheard([salePaid, orderPaid].map(({ type, topic }) => ({ type, topic: topic.name }))).catch(() => undefined);

it('an event type is unheard as long as a member of an earlier version reads its topic', async () => {
  await broker.createTopics([topics.sale, topics.order]);
  expect(await eventually(unheard, (types) => types !== undefined)).toEqual([]); // nobody is there
  await earlier.connect();
  await earlier.subscribe({ topics: [topics.sale.name] });
  await earlier.run({ eachBatch: async () => {} });
  expect(await eventually(unheard, (types) => types?.length === 1)).toEqual([salePaid.type]);

  member = new KafkaBroker('hearers-member').subscription(GROUP, [topics.sale.name], async () => {});
  await member.start();
  await eventually(
    () => member?.isReady,
    (isReady) => isReady === true,
  );
  expect(await eventually(unheard, (types) => types !== undefined)).toEqual([salePaid.type]);
  await earlier.disconnect();
  expect(await eventually(unheard, (types) => types?.length === 0)).toEqual([]);
});
