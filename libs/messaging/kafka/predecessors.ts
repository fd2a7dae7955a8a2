import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { log } from '#libs/observability';
import { type Cluster, clusterOf } from './cluster.ts';

/** A broker that has just started says for a second or two that it does not know the group yet. */
const ATTEMPTS_MAX = 50;
const RETRY_DELAY_MS = 100;

/**
 * Takes members of this client id out of the group: what is left of a process that was killed, or of a consumer that
 * lost its broker. Without it a new member waits until the old one's session ends before it gets any partition (this,
 * not the reconnection, was most of the 12 s after a broker's restart). What Kafka's static membership is for, which
 * kafkajs does not have.
 *
 * One that lives after all joins again and repeats nothing: the inbox knows what is done.
 */
export async function dismissPredecessors(kafka: Kafka, groupId: string, clientId: string): Promise<void> {
  const cluster = clusterOf(kafka);
  try {
    await cluster.connect();
    for (let attempt = 1; !(await dismiss(cluster, groupId, clientId)) && attempt < ATTEMPTS_MAX; attempt += 1) {
      await sleep(RETRY_DELAY_MS);
    }
  } finally {
    void cluster.disconnect().catch(() => {});
  }
}

/** Whether the group could be asked. */
async function dismiss(cluster: Cluster, groupId: string, clientId: string): Promise<boolean> {
  try {
    await cluster.refreshMetadata();
    const coordinator = await cluster.findGroupCoordinator({ groupId });
    const { groups } = await coordinator.describeGroups({ groupIds: [groupId] });
    const members = groups.flatMap(({ members }) => members).filter((member) => member.clientId === clientId);
    for (const { memberId } of members) await coordinator.leaveGroup({ groupId, memberId });
    return true;
  } catch (error) {
    log.debug({ err: error }, 'predecessors in the group not asked for yet');
    return false;
  }
}
