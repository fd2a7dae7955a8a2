import kafkajs, { type Assigner, type Kafka } from 'kafkajs';
import { eventDefinitions, services } from '#libs/contracts';
import type { ToldType, UnheardType } from '../broker.ts';
import { type Cluster, type Coordinator, clusterOf, type Member } from './cluster.ts';

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
 * Of these types, those that may not be sent yet: a member of a service's group reads their topic and does not know them,
 * or the group has read it and nobody in it does now. A member that tells nothing is of a version before announcements, or
 * none of ours, and knows none of what came after.
 * @throws Error while a group is formed anew, and when we may not look at one: then nobody can say who is in it
 */
export async function unheardOf(kafka: Kafka, told: readonly ToldType[]): Promise<UnheardType[]> {
  const cluster = clusterOf(kafka);
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    const groups: Group[] = [];
    for (const groupId of services) groups.push(await groupOf(cluster, groupId));
    return told
      .map((each) => ({ type: each.type, because: groups.flatMap((group) => reasonsOf(group, each)) }))
      .filter(({ because }) => because.length > 0);
  } finally {
    void cluster.disconnect().catch(() => {});
  }
}

interface Group {
  readonly id: string;
  readonly readers: readonly Reader[];
  /** Topics that it has read, if nobody is in it who tells of which version he is. */
  readonly left: ReadonlySet<string>;
}

interface Reader {
  readonly client: string;
  readonly topics: ReadonlySet<string>;
  /** Types; undefined: it tells nothing. */
  readonly known: ReadonlySet<string> | undefined;
}

async function groupOf(cluster: Cluster, groupId: string): Promise<Group> {
  const coordinator = await coordinatorOf(cluster, groupId);
  const { groups } = await coordinator.describeGroups({ groupIds: [groupId] });
  if (groups.some(({ state }) => state.endsWith('Rebalance'))) throw new Error(`the group ${groupId} is formed anew`);
  const readers = groups.flatMap(({ members }) => members).map(readerOf);
  if (readers.some(({ known }) => known)) return { id: groupId, readers, left: new Set() };
  const { responses } = await coordinator.offsetFetch({ groupId, topics: [] });
  const committed = responses.filter(({ partitions }) => partitions.some(({ offset }) => BigInt(offset) >= 0n));
  return { id: groupId, readers, left: new Set(committed.map(({ topic }) => topic)) };
}

/** kafkajs keeps to itself why no broker says who coordinates a group. */
async function coordinatorOf(cluster: Cluster, groupId: string): Promise<Coordinator> {
  try {
    return await cluster.findGroupCoordinator({ groupId });
  } catch (error) {
    const broker = await cluster.findControllerBroker();
    const answer = await broker.findGroupCoordinator({ groupId, coordinatorType: 0 }).catch(({ type }) => type);
    if (answer !== 'GROUP_AUTHORIZATION_FAILED') throw error;
    throw new Error(`Kafka does not let us see who is in the group ${groupId}: run kafka:access`, { cause: error });
  }
}

function reasonsOf({ id, readers, left }: Group, { type, topic }: ToldType): string[] {
  const reading = readers.filter(({ topics }) => topics.has(topic));
  if (reading.length === 0 && left.has(topic)) return [`the group ${id} has read ${topic}, and nobody in it does now`];
  return reading
    .filter(({ known }) => !known?.has(type))
    .map(({ client }) => `${client} in the group ${id} does not know it`);
}

export function readerOf({ clientId, memberMetadata }: Member): Reader {
  const { topics, userData } = MemberMetadata.decode(memberMetadata) ?? { topics: [], userData: null };
  return { client: clientId, topics: new Set(topics), known: knownOf(userData) };
}

/** What others put there, as consumers of other makers do, is no announcement. */
function knownOf(userData: Buffer | null): Set<string> | undefined {
  try {
    const types: unknown = JSON.parse(String(userData));
    return Array.isArray(types) ? new Set(types) : undefined;
  } catch {
    return undefined;
  }
}
