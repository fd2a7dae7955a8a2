/** Apache Kafka on this computer: one KRaft node, broker and controller in one JVM, from the jars that pom.xml names. */
import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeFirstUser } from '#libs/messaging/kafka';
import { keptPassword } from '../../kafka/passwords.ts';
import { freePort } from '../ports.ts';
import { MissingProgram, type RunningProcess, startProcess, stopLeftover } from '../processes.ts';
import { ADMINISTRATOR, type KafkaUsers, usersOf } from './users.ts';

const POM = fileURLToPath(new URL('pom.xml', import.meta.url));
const START_DEADLINE_MS = 60_000;
const REAUTHENTICATION_MS = 3_600_000;

export interface Kafka {
  /** The same after `kill` and `start`. */
  users: KafkaUsers;
  /** kill -9. */
  kill(): Promise<void>;
  /** Starts the broker again on the same log directory and port, after `kill` or `stop`. */
  start(): Promise<void>;
  /** Controlled shutdown. */
  stop(): Promise<void>;
}

export interface KafkaOptions {
  /** Keeps the log, between starts too. */
  directory: string;
  /** Where the jars are kept. Several brokers can share them. */
  jarsDirectory: string;
  /** Keeps the passwords of its users. Several brokers of a cluster share it. */
  passwordsDirectory: string;
  logFile: string;
  /** The port wanted; another one is taken if it is not free. Default: any. */
  port?: number;
  /** Where clients are told to connect: a proxy in front of the broker. Default: the broker itself. */
  advertisedPort?: number;
  /** How often whoever is connected says again who it is: a password that was changed counts at the latest then. Default: an hour. */
  reauthenticationMs?: number;
  /** This broker's place among several. Start all of them at once: the first waits for a majority. */
  cluster?: ClusterNode;
  log: (line: string) => void;
}

export interface ClusterNode {
  /** The same for all; 22 characters of base64url, the first not `-`. */
  clusterId: string;
  /** From 1. */
  nodeId: number;
  /** One a node, in their order. */
  controllerPorts: readonly number[];
  /** Where brokers talk to each other. */
  internalPort: number;
}

/**
 * Starts a broker and waits until it serves.
 * @throws MissingProgram when there is no Java 17, or no Maven and the jars are not there yet
 */
export async function startKafka(options: KafkaOptions): Promise<Kafka> {
  const { directory, jarsDirectory, passwordsDirectory, logFile, port, cluster, log } = options;
  const java = await findJava();
  const jars = await resolveJars(jarsDirectory, log);
  mkdirSync(directory, { recursive: true });
  const pidFile = join(directory, 'kafka.pid');
  const settingsFile = join(directory, 'server.properties');
  if (await stopLeftover(pidFile, settingsFile)) log('Kafka: stopped a broker that an earlier run had left behind');

  const brokerPort = await freePort(port);
  const advertisedPort = options.advertisedPort ?? brokerPort;
  const password = keptPassword(passwordsDirectory, ADMINISTRATOR);
  rmSync(settingsFile, { force: true }); // a file from before could be read by everybody
  writeFileSync(
    settingsFile,
    common(join(directory, 'log'), password, options.reauthenticationMs ?? REAUTHENTICATION_MS) +
      (cluster
        ? nodeOf(cluster, brokerPort, advertisedPort)
        : singleNode(brokerPort, advertisedPort, await freePort(port === undefined ? undefined : port + 1))),
    { mode: 0o600 },
  );
  const run = (mainClass: string, ...rest: string[]): string[] => [
    '-Xms192m',
    '-Xmx256m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Dlog4j2.level=INFO',
    '-cp',
    join(jars, '*'),
    mainClass,
    ...rest,
  ];
  await format(directory, cluster?.clusterId ?? newClusterId(), (id) =>
    promisify(execFile)(java, run('kafka.tools.StorageTool', 'format', '-t', id, '-c', settingsFile)),
  );

  let broker: RunningProcess;
  const start = async (): Promise<void> => {
    const logStart = existsSync(logFile) ? statSync(logFile).size : 0;
    broker = await startProcess({ command: java, arguments: run('kafka.Kafka', settingsFile), logFile, pidFile });
    let ended: string | undefined;
    void broker.ended.then((how) => (ended = how));
    for (let waitedMs = 0; !readFrom(logFile, logStart).includes('Kafka Server started'); waitedMs += 50) {
      if (ended) throw new Error(`Kafka ended while starting (${ended}); its log is ${logFile}`);
      if (waitedMs > START_DEADLINE_MS) {
        await broker.kill();
        throw new Error(`Kafka did not start within ${START_DEADLINE_MS / 1000} s; its log is ${logFile}`);
      }
      await sleep(50);
    }
  };
  await start();
  const brokers = `127.0.0.1:${advertisedPort}`;
  await makeFirstUser({ brokers, user: { name: ADMINISTRATOR, password } });
  const users = usersOf(brokers, passwordsDirectory);
  return { users, start, kill: () => broker.kill(), stop: () => broker.stop() };
}

/**
 * A group is formed at once, and sessions between broker and controller are short: with the default of 9 s the controller
 * would refuse, for that long after a kill -9, the registration of the same broker. Not so short that a broker on a busy
 * machine comes too late with its heartbeat and is taken for dead (1 s was, at 10 processes a core).
 *
 * Whoever comes says who it is, by SCRAM, and may do what deploy/kafka says. By PLAIN comes only the administrator: as
 * whom brokers and controllers know each other, and who makes the first user, himself, also where data is from before.
 */
function common(logDirectory: string, password: string, reauthenticationMs: number): string {
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const plain =
    'org.apache.kafka.common.security.plain.PlainLoginModule required ' +
    `username="${ADMINISTRATOR}" password="${password}" user_${ADMINISTRATOR}="${password}";`;
  return `process.roles=broker,controller
listener.security.protocol.map=CLIENT:SASL_PLAINTEXT,INTERNAL:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN
sasl.mechanism.inter.broker.protocol=PLAIN
sasl.mechanism.controller.protocol=PLAIN
listener.name.client.scram-sha-512.sasl.jaas.config=${scram}
listener.name.client.scram-sha-512.connections.max.reauth.ms=${reauthenticationMs}
listener.name.client.plain.sasl.jaas.config=${plain}
listener.name.internal.sasl.enabled.mechanisms=PLAIN
listener.name.internal.plain.sasl.jaas.config=${plain}
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config=${plain}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:${ADMINISTRATOR}
controller.listener.names=CONTROLLER
log.dirs=${logDirectory}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
`;
}

/** One node stands for a cluster: everything that is normally replicated has one copy. */
function singleNode(brokerPort: number, advertisedPort: number, controllerPort: number): string {
  return `node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=CLIENT://127.0.0.1:${brokerPort},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=CLIENT://127.0.0.1:${advertisedPort}
inter.broker.listener.name=CLIENT
${replicated(1, 1)}`;
}

/** A write is safe on two nodes before it is acknowledged, so any one of three may be lost at any time. */
function nodeOf(
  { nodeId, controllerPorts, internalPort }: ClusterNode,
  brokerPort: number,
  advertisedPort: number,
): string {
  const voters = controllerPorts.map((port, index) => `${index + 1}@127.0.0.1:${port}`);
  return `node.id=${nodeId}
controller.quorum.voters=${voters}
listeners=CLIENT://127.0.0.1:${brokerPort},INTERNAL://127.0.0.1:${internalPort},CONTROLLER://127.0.0.1:${controllerPorts[nodeId - 1]}
advertised.listeners=CLIENT://127.0.0.1:${advertisedPort},INTERNAL://127.0.0.1:${internalPort}
inter.broker.listener.name=INTERNAL
default.replication.factor=3
min.insync.replicas=2
${replicated(3, 2)}`;
}

function replicated(factor: number, inSyncMin: number): string {
  return `offsets.topic.num.partitions=1
offsets.topic.replication.factor=${factor}
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=${factor}
transaction.state.log.min.isr=${inSyncMin}
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=${factor}
share.coordinator.state.topic.min.isr=${inSyncMin}
`;
}

/** Never with a leading '-', which would read as an option. */
export function newClusterId(): string {
  return `P${randomBytes(16).toString('base64url').slice(1)}`;
}

/** Formats the log directory once. Without the marker formatting never ended and there is nothing to lose. */
async function format(
  directory: string,
  clusterId: string,
  formatAs: (clusterId: string) => Promise<unknown>,
): Promise<void> {
  const marker = join(directory, 'cluster.id');
  if (existsSync(marker)) return;
  rmSync(join(directory, 'log'), { recursive: true, force: true });
  await formatAs(clusterId);
  writeFileSync(marker, clusterId);
}

function readFrom(file: string, position: number): Buffer {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(fstatSync(handle).size - position);
    readSync(handle, bytes, { position });
    return bytes;
  } finally {
    closeSync(handle);
  }
}

/** The `java` of JAVA_HOME or PATH, 17 or newer. */
export async function findJava(): Promise<string> {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const version = await promisify(execFile)(java, ['-version']).then(
    ({ stderr }) => Number(/version "(\d+)/.exec(stderr)?.[1]),
    () => undefined,
  );
  if (version === undefined) throw new MissingProgram('Java 17 or newer (a JDK)');
  if (version < 17) throw new MissingProgram(`Java 17 or newer (${java} is Java ${version})`);
  return java;
}

const resolving = new Map<string, Promise<string>>();

/**
 * The directory with the jars of pom.xml, resolved by Maven (checksums verified) the first time. Of brokers that this
 * process starts at once, the first resolves them.
 */
export function resolveJars(jarsDirectory: string, log: (line: string) => void): Promise<string> {
  const jars = resolving.get(jarsDirectory) ?? resolveByMaven(jarsDirectory, log);
  resolving.set(jarsDirectory, jars);
  return jars;
}

async function resolveByMaven(jarsDirectory: string, log: (line: string) => void): Promise<string> {
  const version = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 12);
  const jars = join(jarsDirectory, version);
  if (existsSync(jars)) return jars;
  log('Kafka: resolving its jars with Maven (45 files, 45 MB, once)');
  const unfinished = `${jars}.${process.pid}`;
  const maven = spawn(
    'mvn',
    [
      '-B',
      '-C',
      '-Dstyle.color=never',
      '-f',
      POM,
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${unfinished}`,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const failed = new Promise<string | undefined>((resolve) => {
    maven.once('error', () => resolve('missing'));
    maven.once('close', (code) => resolve(code === 0 ? undefined : `exit code ${code}`));
  });
  let downloaded = 0;
  const errors: string[] = [];
  for await (const line of createInterface({ input: maven.stdout })) {
    if (line.includes('Downloaded from') && ++downloaded % 50 === 0) log(`Kafka: ${downloaded} files downloaded`);
    if (line.includes('[ERROR]')) errors.push(line);
  }
  const failure = await failed;
  if (failure === 'missing') throw new MissingProgram('Maven (mvn)');
  if (failure) throw new Error(`Maven could not resolve Kafka (${failure}):\n${errors.slice(0, 5).join('\n')}`);
  try {
    renameSync(unfinished, jars);
  } catch (error) {
    if (!existsSync(jars)) throw error; // else somebody was faster
    rmSync(unfinished, { recursive: true });
  }
  return jars;
}
