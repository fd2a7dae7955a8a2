import { type PartitionAssigner, PartitionAssigners } from 'kafkajs';

/** What an assigner is handed of kafkajs 2.2.4's inside: the first thing that it asks when it joins a group. */
interface Cluster {
  findGroupCoordinator(group: { groupId: string }): Promise<unknown>;
}

/**
 * An assigner that lets a consumer join its group only when `settled` has resolved: before the first time, and whenever
 * the group is formed anew. kafkajs 2.2.4 joins as soon as no `eachBatch` runs and asks nobody (tulios/kafkajs#916); what
 * was fetched and is still worked on would then be worked on by the next owner of its partition as well.
 */
export function joiningAfter(settled: () => Promise<void>): PartitionAssigner {
  return (options) => {
    const cluster = options.cluster as unknown as Cluster;
    const findGroupCoordinator = cluster.findGroupCoordinator.bind(cluster);
    cluster.findGroupCoordinator = async (group) => {
      await settled();
      return findGroupCoordinator(group);
    };
    return PartitionAssigners.roundRobin(options);
  };
}
