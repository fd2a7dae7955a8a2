import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type AclEntry, type AclFilter, type Admin } from 'kafkajs';
import { isPerChannel, type Topic } from '#libs/contracts';
import type { KafkaAddress, KafkaUser } from './address.ts';
import { connectKafka } from './client.ts';
import { createTopics, topicNames } from './topics.ts';
import { setPasswords, setWriteQuota } from './users.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/**
 * Somebody whom brokers know, and what it may do; whoever reads does so as the consumer group of its name, or each of its
 * processes as one whose name begins with it.
 */
export interface Principal {
  readonly name: string;
  readonly writes: readonly Topic[];
  readonly reads: readonly Topic[];
  readonly readsApart?: true;
  /** Groups of which it may see who is in them. */
  readonly looksAt?: readonly string[];
  readonly bytesPerSecondMax?: number;
}

const LOGIN_DEADLINE_MS = 15_000;
const RETRY_DELAY_MS = 50;

/** Topics that are there, by name. */
export function existingTopics(address: KafkaAddress): Promise<Set<string>> {
  return topicNames(connectKafka('access', address));
}

/**
 * Makes a broker what the contracts say: topics that are missing; principals, with these passwords; what each may do, and
 * nothing else. Again and again, the same comes of it. A broker that lets anybody in gets topics alone.
 * @param address of somebody who may do so
 */
export async function grantAccess(
  address: KafkaAddress,
  topics: readonly Topic[],
  principals: readonly Principal[],
  passwordOf: (principal: string) => string,
): Promise<void> {
  const kafka = connectKafka('access', address);
  await createTopics(kafka, topics);
  if (!address.user) return;
  await setPasswords(kafka, new Map(principals.map(({ name }) => [name, passwordOf(name)])));
  await allow(kafka.admin(), principals);
  for (const [bytesPerSecond, limited] of Map.groupBy(principals, ({ bytesPerSecondMax }) => bytesPerSecondMax)) {
    if (bytesPerSecond === undefined) continue;
    await setWriteQuota(
      kafka,
      limited.map(({ name }) => name),
      bytesPerSecond,
    );
  }
  await Promise.all(
    principals.map(({ name }) => untilKnown({ ...address, user: { name, password: passwordOf(name) } })),
  );
}

/** Makes a user whom a broker has known by PLAIN alone so far, who may do so. */
export async function makeFirstUser(address: KafkaAddress & { user: KafkaUser }): Promise<void> {
  const { user } = address;
  const kafka = connectKafka('access', { ...address, user: { ...user, mechanism: 'plain' } });
  await setPasswords(kafka, new Map([[user.name, user.password]]));
  await untilKnown(address);
}

/** Until a broker lets this user in: what one was told, it and the others know a moment later. */
async function untilKnown(address: KafkaAddress): Promise<void> {
  const deadline = performance.now() + LOGIN_DEADLINE_MS;
  for (;;) {
    const admin = connectKafka('access', address).admin();
    try {
      return await admin.connect();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(RETRY_DELAY_MS);
    } finally {
      await admin.disconnect();
    }
  }
}

async function allow(admin: Admin, principals: readonly Principal[]): Promise<void> {
  const names = new Set(principals.map(({ name }) => userOf(name)));
  await admin.connect();
  try {
    const { resources } = await admin.describeAcls(EVERY_RULE);
    const existing = resources
      .flatMap(({ acls, ...resource }) => acls.map((acl): AclEntry => ({ ...acl, ...resource })))
      .filter(({ principal }) => names.has(principal));
    const wanted = principals.flatMap(rulesOf);
    const [isThere, isWanted] = [new Set(existing.map(textOf)), new Set(wanted.map(textOf))];
    const missing = wanted.filter((rule) => !isThere.has(textOf(rule)));
    const surplus = existing.filter((rule) => !isWanted.has(textOf(rule)));
    if (missing.length > 0) await admin.createAcls({ acl: missing });
    if (surplus.length > 0) await admin.deleteAcls({ filters: surplus });
  } finally {
    await admin.disconnect();
  }
}

const EVERY_RULE: AclFilter = {
  resourceType: AclResourceTypes.ANY,
  resourcePatternType: ResourcePatternTypes.ANY,
  operation: AclOperationTypes.ANY,
  permissionType: AclPermissionTypes.ANY,
};

const userOf = (name: string): string => `User:${name}`;

function rulesOf({ name, writes, reads, readsApart, looksAt = [] }: Principal): AclEntry[] {
  const rule = (
    resource: Pick<AclEntry, 'resourceType' | 'resourceName' | 'resourcePatternType'>,
    operation: number,
  ) => ({
    ...resource,
    principal: userOf(name),
    host: '*',
    operation,
    permissionType: AclPermissionTypes.ALLOW,
  });
  const group = (
    resourceName: string,
    resourcePatternType: AclEntry['resourcePatternType'] = ResourcePatternTypes.LITERAL,
  ) => ({ resourceType: AclResourceTypes.GROUP, resourceName, resourcePatternType });
  const own = readsApart ? group(`${name}.`, ResourcePatternTypes.PREFIXED) : group(name);
  return [
    ...writes.map((topic) => rule(resourceOf(topic), AclOperationTypes.WRITE)),
    ...writes.filter(isPerChannel).map((topic) => rule(resourceOf(topic), AclOperationTypes.CREATE)),
    ...reads.map((topic) => rule(resourceOf(topic), AclOperationTypes.READ)),
    ...[...writes, ...reads].map((topic) => rule(resourceOf(topic), AclOperationTypes.DESCRIBE_CONFIGS)),
    ...(reads.length > 0 ? [rule(own, AclOperationTypes.READ)] : []),
    ...looksAt.map((other) => rule(group(other), AclOperationTypes.DESCRIBE)),
  ];
}

/** Of a topic that each channel has one of: all of them, by what their names begin with. */
function resourceOf(topic: Topic) {
  return {
    resourceType: AclResourceTypes.TOPIC,
    resourceName: topic.name.replace(/\{.*/, ''),
    resourcePatternType: isPerChannel(topic) ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
  };
}

function textOf(rule: AclEntry): string {
  const { resourceType, resourceName, resourcePatternType, principal, host, operation, permissionType } = rule;
  return [resourceType, resourceName, resourcePatternType, principal, host, operation, permissionType].join(' ');
}
