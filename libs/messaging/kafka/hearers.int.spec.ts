import { afterAll, expect, it } from '@jest/globals';
import { orderPaid, salePaid, topics } from '#libs/contracts';
import { eventually } from '../../../test/kit/service.ts';
import type { Subscription, UnheardType } from '../broker.ts';
import { connectKafka } from './client.ts';
import { KafkaBroker } from './kafka-broker.ts';
import { commitAs } from './positions.ts';

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
const unheard = (): Promise<UnheardType[] | undefined> =>
  broker.unheard([salePaid, orderPaid].map(({ type, topic }) => ({ type, topic: topic.name }))).catch(() => undefined);

const isSaid = (types: UnheardType[] | undefined): boolean => types !== undefined;
const because = (reason: string): UnheardType[] => [{ type: salePaid.type, because: [reason] }];
const EARLIER = because('earlier in the group ledger does not know it');
const NOBODY = because('the group ledger has read orders.sale.v1, and nobody in it does now');

async function startMember(): Promise<void> {
  member = new KafkaBroker('hearers-member').subscription(GROUP, [topics.sale.name], async () => {});
  await member.start();
  await eventually(
    () => member?.isReady,
    (isReady) => isReady === true,
  );
}

it('an event type is unheard as long as a member of an earlier version reads its topic, or nobody who has read it', async () => {
  await broker.createTopics([topics.sale, topics.order]);
  expect(await eventually(unheard, isSaid)).toEqual([]); // nobody was ever there
  await earlier.connect();
  await earlier.subscribe({ topics: [topics.sale.name] });
  await earlier.run({ eachBatch: async () => {} });
  expect(await eventually(unheard, (types) => types?.length === 1)).toEqual(EARLIER);

  await startMember();
  expect(await eventually(unheard, isSaid)).toEqual(EARLIER);
  await earlier.disconnect();
  expect(await eventually(unheard, (types) => types?.length === 0)).toEqual([]);

  await member?.stop();
  expect(await eventually(unheard, isSaid)).toEqual([]); // whoever was there has read nothing
  await commitAs(connectKafka('hearers'), GROUP, [{ topic: topics.sale.name, partition: 0, next: 1n }]);
  expect(await eventually(unheard, isSaid)).toEqual(NOBODY);
  await startMember();
  expect(await eventually(unheard, (types) => types?.length === 0)).toEqual([]);
});
