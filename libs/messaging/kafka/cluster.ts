import type { Kafka } from 'kafkajs';

/**
 * What kafkajs 2.2.4 can do and does not offer: its admin client removes no members, makes no users, and tells a group's
 * offsets by becoming a member for each topic.
 */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  findGroupCoordinator(group: { groupId: string }): Promise<Coordinator>;
  findControllerBroker(): Promise<ControllerBroker>;
}

export interface Coordinator {
  describeGroups(groups: { groupIds: string[] }): Promise<{ groups: { state: string; members: Member[] }[] }>;
  /** Of no topics: of all that are there and that we may know of. */
  offsetFetch(group: {
    groupId: string;
    topics: [];
  }): Promise<{ responses: { topic: string; partitions: { offset: string }[] }[] }>;
  leaveGroup(member: { groupId: string; memberId: string }): Promise<unknown>;
  offsetCommit(commit: {
    groupId: string;
    groupGenerationId: number;
    memberId: string;
    topics: { topic: string; partitions: { partition: number; offset: string }[] }[];
  }): Promise<unknown>;
}

export interface Member {
  readonly memberId: string;
  readonly clientId: string;
  /** Empty while its group is formed anew. */
  readonly memberMetadata: Buffer;
}

interface ControllerBroker {
  readonly connectionPool: Connection;
  findGroupCoordinator(group: { groupId: string; coordinatorType: number }): Promise<unknown>;
}

interface Connection {
  send<Answer>(exchange: { request: object; response: object }): Promise<Answer>;
}

export function clusterOf(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) => description?.endsWith('createCluster'));
  if (!symbol) throw new Error('this is not kafkajs 2.2.4');
  const internals = kafka as unknown as Record<symbol, (options: object) => Cluster>;
  return (internals[symbol] as (options: object) => Cluster)({ allowAutoTopicCreation: false });
}
