import kafkajs, { type Assigner, type Kafka } from 'kafkajs';
import { eventDefinitions, services } from '#libs/contracts';
import type { ToldType } from '../broker.ts';
import { clusterOf } from './cluster.ts';

const { MemberMetadata } = kafkajs.AssignerProtocol;

const KNOWN = Buffer.from(JSON.stringify(eventDefinitions.map(({ type }) => type)));

/** An assigner by which a member tells its group the types of events that its version knows. */
export function announcing(assigner: Assigner): Assigner {
  const { name, version } = assigner;
  return {
    ...assigner,
    protocol: ({ topics }) => ({ name, metadata: MemberMetadata.encode({ version, topics, userData: KNOWN }) }),
  };
}

/**
 * Of these types, those that a member of a service's group does not know although it reads their topic. One that tells
 * nothing is of a version before announcements, and knows none of what came after.
 * @throws Error while a group is formed anew: then nobody can say who is in it
 */
export async function unheardOf(kafka: Kafka, told: readonly ToldType[]): Promise<string[]> {
  const cluster = clusterOf(kafka);
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    const readers: Reader[] = [];
    for (const groupId of services) {
      const coordinator = await cluster.findGroupCoordinator({ groupId });
      for (const { state, members } of (await coordinator.describeGroups({ groupIds: [groupId] })).groups) {
        if (state.endsWith('Rebalance')) throw new Error(`the group ${groupId} is formed anew`);
        readers.push(...members.map(({ memberMetadata }) => readerOf(memberMetadata)));
      }
    }
    const isUnheard = ({ type, topic }: ToldType): boolean =>
      readers.some(({ topics, known }) => topics.has(topic) && !known.has(type));
    return told.filter(isUnheard).map(({ type }) => type);
  } finally {
    void cluster.disconnect().catch(() => {});
  }
}

interface Reader {
  readonly topics: ReadonlySet<string>;
  /** Types. */
  readonly known: ReadonlySet<string>;
}

function readerOf(metadata: Buffer): Reader {
  const { topics = [], userData = Buffer.alloc(0) } = MemberMetadata.decode(metadata) ?? {};
  return { topics: new Set(topics), known: new Set(userData.length > 0 ? JSON.parse(String(userData)) : []) };
}
