import { expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { orderPaid, salePaid, topics } from '#libs/contracts';
import { announcing, readerOf } from './hearers.ts';

const { MemberMetadata } = kafkajs.AssignerProtocol;

const readerWith = (memberMetadata: Buffer) => readerOf({ memberId: 'm', clientId: 'c', memberMetadata });
const read = [topics.sale.name];

it('a member of ours says which types it knows', () => {
  const assigner = {
    name: 'any',
    version: 1,
    assign: async () => [],
    protocol: () => ({ name: '', metadata: NOTHING }),
  };
  const { metadata } = announcing(assigner).protocol({ topics: read });
  const { topics: topicsRead, known } = readerWith(metadata);
  expect([...topicsRead]).toEqual(read);
  expect([...(known ?? [])]).toEqual(expect.arrayContaining([salePaid.type, orderPaid.type]));
});

const NOTHING = Buffer.alloc(0);

it.each([
  ['nothing', NOTHING],
  ['null, as consumers written in Java do', null],
  ['what is no JSON', Buffer.from([0, 0, 0, 1, 0xff])],
  ['what is no list', Buffer.from('{}')],
])('a member that says %s knows nothing, and can be asked about', (_, userData) => {
  const { topics: topicsRead, known } = readerWith(metadataOf(userData));
  expect([...topicsRead]).toEqual(read);
  expect(known).toBeUndefined();
});

function metadataOf(userData: Buffer | null): Buffer {
  const metadata = MemberMetadata.encode({ version: 1, topics: read, userData: userData ?? NOTHING });
  if (userData === null) metadata.writeInt32BE(-1, metadata.length - 4); // in place of how long it is
  return metadata;
}
