/** What can happen to a cluster of PostgreSQL: its primary is lost in every way, and the standby takes its place. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../deploy/ha/cluster.ts';
import { type Fault, NOTHING, type Scene } from './faults.ts';

/** How far the standby is behind. */
const BEHIND_MS = 1_500;
/** A node that was paused goes on so long after the other leads. */
const LATE_MS = 3_000;

const clusterOf = ({ system }: Scene): Cluster => {
  if (!system.cluster) throw new Error('there is no cluster');
  return system.cluster;
};

/** It resolves when the other node takes what is written. */
const failover = (name: string, inject: (cluster: Cluster) => Promise<() => Promise<void>>): Fault => ({
  name,
  lastsMs: [0, 0],
  prepare: (scene) => clusterOf(scene).untilWhole(),
  inject: (scene) => inject(clusterOf(scene)),
});

const serverKilled = failover("kill -9 of the primary's server", async (cluster) => {
  await cluster.kill();
  return cluster.start;
});

/** What the primary has, and the standby has not yet, is gone: nothing of it may have been said to be committed. */
export const KILLED_AHEAD = failover("kill -9 of the primary's server, its standby 1.5 s behind", async (cluster) => {
  const endReceiver = await (await cluster.standby()).stall();
  await sleep(BEHIND_MS);
  await cluster.kill();
  endReceiver();
  return cluster.start;
});

const nodeKilled = failover("kill -9 of the primary's server and of its Patroni", async (cluster) => {
  const node = await cluster.primary();
  await node.kill();
  return async () => {
    await cluster.start();
    await node.start();
  };
});

const nodeFrozen = failover('node of the primary paused, going on 3 s after the other leads', async (cluster) => {
  const goOn = (await cluster.primary()).freeze();
  return async () => {
    await cluster.start();
    await sleep(LATE_MS);
    goOn();
  };
});

export const FAILOVERS: readonly Fault[] = [NOTHING, serverKilled, KILLED_AHEAD, nodeKilled, nodeFrozen];
