/**
 * `npm run faults:mutants`: breaks one guarantee at a time in a copy of the sources and runs the test that must notice.
 * A mutant that survives says that the guarantee is not tested.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { PASINDO_DIRECTORY } from '../../deploy/local/embedded.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = ['libs', 'services', 'deploy', 'test', 'package.json', 'jest.config.js', '.swcrc', 'nest-cli.json'];

const TEST_DEADLINE_MS = 180_000;

interface Mutant {
  readonly breaks: string;
  readonly file: string;
  /** Once in the file. */
  readonly replace: string;
  readonly by: string;
  readonly project: 'unit' | 'integration';
  readonly testFile: string;
  /** Part of the name of the test that must fail. */
  readonly test: string;
}

const MESSAGING = { project: 'integration', testFile: 'libs/messaging/messaging.int.spec.ts' } as const;
const BROKER = { project: 'integration', testFile: 'libs/messaging/kafka/kafka.int.spec.ts' } as const;
const EVENTS = { project: 'unit', testFile: 'libs/messaging/cloud-events.spec.ts' } as const;
const LETTERS = { project: 'integration', testFile: 'libs/messaging/dead-letters.int.spec.ts' } as const;
const RELAY = { project: 'integration', testFile: 'libs/messaging/relay.int.spec.ts' } as const;
const DATABASE = { project: 'integration', testFile: 'libs/database/silence.int.spec.ts' } as const;
const MEMBER = { project: 'unit', testFile: 'libs/messaging/kafka/consumer.spec.ts' } as const;
const ORDERS = { project: 'integration', testFile: 'services/orders/orders.int.spec.ts' } as const;
const PROCESS = {
  file: 'services/orders/process/order-process.ts',
  project: 'unit',
  testFile: 'services/orders/process/order-process.explore.spec.ts',
} as const;

const MUTANTS: readonly Mutant[] = [
  {
    breaks: 'publish before commit',
    file: 'libs/messaging/outbox.ts',
    replace: 'transaction.afterCommit(() => {',
    by: "await transaction.query('COMMIT');\n    await transaction.query('BEGIN');\n    transaction.afterCommit(() => {",
    ...MESSAGING,
    test: 'are never sent when the transaction rolls back',
  },
  {
    breaks: 'no inbox',
    file: 'libs/messaging/inbox.ts',
    replace: 'const remaining = new Set(admitted.map(({ event_id }) => event_id));',
    by: 'return [...readings];\n  const remaining = new Set(admitted.map(({ event_id }) => event_id));',
    ...MESSAGING,
    test: 'that come twice have their effects once',
  },
  {
    breaks: 'commit the offset first',
    file: 'libs/messaging/kafka/consumer.ts',
    replace: 'if (!(await this.#handleWithRetries(received, payload))) return;',
    by: 'resolveOffset(messages.at(-1)!.offset);\n        if (!(await this.#handleWithRetries(received, payload))) return;',
    ...BROKER,
    test: 'delivers again what was under way',
  },
  {
    breaks: 'believe what kafkajs says it sent',
    file: 'libs/messaging/kafka/publisher.ts',
    replace: 'if (missing.length > 0)',
    by: 'if (missing.length < 0)',
    project: 'unit',
    testFile: 'libs/messaging/kafka/publisher.spec.ts',
    test: 'a batch of which a part was never sent',
  },
  {
    breaks: 'a broker that is gone is asked again and again',
    file: 'libs/messaging/kafka/client.ts',
    replace: 'socket.bytesRead === 0 ?',
    by: 'socket.bytesRead < 0 ?',
    project: 'integration',
    testFile: 'libs/messaging/kafka/client.int.spec.ts',
    test: 'a broker that is gone behind a proxy',
  },
  {
    breaks: 'a part of an answer outlives its connection',
    file: 'libs/messaging/kafka/client.ts',
    replace: 'if (size > bytes - end) {',
    by: 'if (size < 0) {',
    project: 'unit',
    testFile: 'libs/messaging/kafka/client.spec.ts',
    test: 'leaves no part of it with kafkajs',
  },
  {
    breaks: 'two relays without the lock',
    file: 'libs/messaging/relay.ts',
    replace: 'if (!lock?.leads) return this.#pause();',
    by: '',
    ...RELAY,
    test: 'of two instances one sends',
  },
  {
    breaks: 'delete before the acknowledgement',
    file: 'libs/messaging/relay.ts',
    replace: 'try {\n      await this.publisher.publish',
    by: 'try {\n      await deleteRows(query, rows);\n      await this.publisher.publish',
    ...RELAY,
    test: 'what the broker did not take stays',
  },
  {
    breaks: 'a lost leader keeps its lock',
    file: 'libs/messaging/relay.ts',
    replace: 'await query(`SET idle_session_timeout',
    by: 'if (query.length > 9) await query(`SET idle_session_timeout',
    ...RELAY,
    test: 'when the leader is lost (freeze)',
  },
  {
    breaks: 'a leader that waits for its broker says nothing',
    file: 'libs/messaging/relay.ts',
    replace: "query('SELECT 1').catch(() => {})",
    by: 'undefined',
    ...RELAY,
    test: 'a leader that waits long for its broker',
  },
  {
    breaks: 'what cannot be sent is accepted',
    file: 'libs/messaging/outbox.ts',
    replace: 'if (bytes > RECORD_BYTES_MAX)',
    by: 'if (bytes < 0)',
    ...MESSAGING,
    test: 'are refused at once',
  },
  {
    breaks: 'the cause is lost on the way',
    file: 'libs/messaging/cloud-events.ts',
    replace: 'ce_correlationid: event.correlationId,',
    by: '',
    ...MESSAGING,
    test: 'carry what caused them',
  },
  {
    breaks: 'the inbox forgets what can still come',
    file: 'libs/messaging/inbox.ts',
    replace: 'const RETENTION_DAYS = 1 + ',
    by: 'const RETENTION_DAYS = -1 + ',
    ...MESSAGING,
    test: 'forgets only what no topic can deliver again',
  },
  {
    breaks: 'events of an unknown type are dropped',
    file: 'libs/messaging/batch-processor.ts',
    replace: ' && eventDefinition(type)?.topic.name === message.topic',
    by: '',
    ...MESSAGING,
    test: 'of a type that nobody knows',
  },
  {
    breaks: 'two handlers of one event type',
    file: 'libs/messaging/transport.ts',
    replace: 'if (this.messageHandlers.has(type)) throw',
    by: 'if (!type) throw',
    project: 'unit',
    testFile: 'libs/messaging/transport.spec.ts',
    test: 'a second handler of an event type',
  },
  {
    breaks: 'no heartbeat during a long batch',
    file: 'libs/messaging/kafka/consumer.ts',
    replace: 'setInterval(() => void heartbeat().catch(() => {}), HEARTBEAT_INTERVAL_MS)',
    by: 'setInterval(() => {}, HEARTBEAT_INTERVAL_MS)',
    ...BROKER,
    test: 'says that it lives while a batch takes long',
  },
  {
    breaks: 'all partitions at once',
    file: 'libs/messaging/kafka/consumer.ts',
    replace: 'const PARTITIONS_AT_ONCE_MAX = 4;',
    by: 'const PARTITIONS_AT_ONCE_MAX = 100;',
    ...BROKER,
    test: 'handles several partitions at once',
  },
  {
    breaks: 'readiness does not follow the heartbeat',
    file: 'libs/messaging/kafka/consumer.ts',
    replace: "says('consumer.heartbeat', true);",
    by: '',
    ...MEMBER,
    test: 'when a heartbeat is answered',
  },
  {
    breaks: 'readiness outlives the heartbeat',
    file: 'libs/messaging/kafka/consumer.ts',
    replace: 'performance.now() - this.#lastSignAt < SESSION_TIMEOUT_MS',
    by: 'this.#lastSignAt > 0',
    ...MEMBER,
    test: 'no longer when no heartbeat is answered',
  },
  {
    breaks: 'a replaced consumer speaks for its successor',
    file: 'libs/messaging/kafka/consumer.ts',
    replace: 'if (!isCurrent()) return;',
    by: '',
    ...MEMBER,
    test: 'whatever a consumer still says',
  },
  {
    breaks: 'nobody watches a silent consumer',
    file: 'libs/messaging/kafka/consumer.ts',
    replace: 'void this.#replace(this.#consumer);',
    by: '',
    ...MEMBER,
    test: 'when kafkajs neither works nor says so',
  },
  {
    breaks: 'a process that is told to stop may stay',
    file: 'libs/service/stop.ts',
    replace: '}, STOP_DEADLINE_MS).unref();',
    by: '}, 1_000_000).unref();',
    project: 'unit',
    testFile: 'libs/service/stop.spec.ts',
    test: 'a process that cannot finish in time',
  },
  {
    breaks: 'later messages overtake poison',
    file: 'libs/messaging/dead-letters.ts',
    replace: 'return new Set(rows.map(({ key }) => key));',
    by: 'return rows.length < 0 ? new Set(rows.map(({ key }) => key)) : new Set();',
    ...MESSAGING,
    test: 'that are poison are set aside',
  },
  {
    breaks: 'poison takes its batch with it',
    file: 'libs/messaging/batch-processor.ts',
    replace: 'const middle = reads.length >> 1;',
    by: "failed.push(...reads.map((each) => ({ message: each.message, identity: {}, status: 'poison', cause: '' })));\n      if (only) return;\n      const middle = 0;",
    ...MESSAGING,
    test: 'that are poison are set aside',
  },
  {
    breaks: 'a type is believed on any topic',
    file: 'libs/messaging/cloud-events.ts',
    replace: 'if (definition.topic.name !== message.topic) {',
    by: 'if (!definition.topic) {',
    ...EVENTS,
    test: 'is unreadable with another topic than its own',
  },
  {
    breaks: 'a type is believed under any key',
    file: 'libs/messaging/cloud-events.ts',
    replace: 'if (!message.key?.equals(Buffer.from(key))) {',
    by: 'if (!key) {',
    ...EVENTS,
    test: 'is unreadable with another key than its own',
  },
  {
    breaks: 'an id of others is believed',
    file: 'libs/messaging/cloud-events.ts',
    replace: '[...claimed, contentHash(envelope, said)]',
    by: 'claimed',
    ...LETTERS,
    test: 'for something else: both have their effects',
  },
  {
    breaks: 'a batch that cannot be opened ends the fetch',
    file: 'libs/messaging/kafka/fetched.ts',
    replace: 'messages.push(damagedBatch(batch, error));',
    by: 'throw error;',
    project: 'unit',
    testFile: 'libs/messaging/kafka/fetched.spec.ts',
    test: 'that is broken stands for its messages as one',
  },
  {
    breaks: "everybody's failure is buried",
    file: 'libs/messaging/systemic-failure.ts',
    replace: 'return run.messages.size >= HANDFUL;',
    by: 'return run.messages.size < 0;',
    ...LETTERS,
    test: 'is no poison: a batch of it stops the consumer',
  },
  {
    breaks: 'a stranger stops the consumer',
    file: 'libs/messaging/batch-processor.ts',
    replace: 'if (!(await this.#anyOther(',
    by: 'if (!(await (async (..._: unknown[]) => false)(',
    ...LETTERS,
    test: 'is not what others are spared',
  },
  {
    breaks: 'what was discarded is done when it comes again',
    file: 'libs/messaging/inbox.ts',
    replace: "resolution = 'discarded'",
    by: "resolution = 'forgotten'",
    ...LETTERS,
    test: 'is given up for good',
  },
  {
    breaks: 'another message in the place of a dead letter is taken for it',
    file: 'libs/messaging/dead-letters.ts',
    replace: "const hash = createHash('sha256').update(JSON.stringify(shape));",
    by: "const hash = createHash('sha256');\n  if (shape) return hash.digest();",
    ...LETTERS,
    test: 'letters of a topic that was made anew',
  },
  {
    breaks: 'followers of a dead letter lose their order',
    file: 'libs/messaging/dead-letters.ts',
    replace: 'ORDER BY arrival LIMIT',
    by: 'ORDER BY arrival DESC LIMIT',
    ...MESSAGING,
    test: 'are redriven in order',
  },
  {
    breaks: 'followers of a dead letter are redriven one by one',
    file: 'libs/messaging/redrive.ts',
    replace: 'if (resolved === 0) atOnce = FOLLOWERS_AT_ONCE;',
    by: '',
    ...MESSAGING,
    test: 'are redriven many at once',
  },
  {
    breaks: 'a killed member keeps its partitions until its session ends',
    file: 'libs/messaging/kafka/consumer.ts',
    replace: 'await dismissPredecessors(this.kafka, this.group, this.member);',
    by: '',
    project: 'integration',
    testFile: 'libs/messaging/kafka/predecessors.int.spec.ts',
    test: 'takes the place of a killed one',
  },
  {
    breaks: 'a silent database connection is waited for',
    file: 'libs/database/silence.ts',
    replace: "for (const { connection } of lost) giveUp(connection, 'the server is not at work on what was asked');",
    by: '',
    ...DATABASE,
    test: 'falls silent within a transaction',
  },
  {
    breaks: 'a slow server is taken for a lost one',
    file: 'libs/database/silence.ts',
    replace: 'if (session?.lost === false) wait.since = performance.now();',
    by: '',
    ...DATABASE,
    test: 'a server that is slow',
  },
  {
    breaks: 'locks of a lost instance stay',
    file: 'libs/database/transaction.ts',
    replace: 'SET LOCAL idle_in_transaction_session_timeout = ',
    by: 'SET LOCAL lock_timeout = ',
    ...DATABASE,
    test: 'locks of an instance that is lost',
  },
  {
    breaks: 'a broken connection is taken for a poison message',
    file: 'libs/database/transient.ts',
    replace: '|already released/i',
    by: '/i',
    ...DATABASE,
    test: 'breaks between two statements',
  },
  {
    breaks: 'checkouts and refunds of a batch are locked one after the other',
    file: 'services/orders/checkouts/checkouts.listener.ts',
    replace: 'await this.processes.claim(transaction, [...new Set(events.map(({ data }) => orderIdOf(data)))]);',
    by: '',
    ...ORDERS,
    test: 'never waits in a circle',
  },
  {
    breaks: 'the books lock the chains of a batch one after the other',
    file: 'services/ledger/sales/sales.listener.ts',
    replace:
      'await lockHeads(\n      transaction.query,\n      events.map(({ data }) => data.facilityId),\n    );\n    for',
    by: 'for',
    project: 'integration',
    testFile: 'services/ledger/ledger.int.spec.ts',
    test: 'a batch never waits in a circle',
  },
  {
    breaks: "deadlines by the catalogue's clock",
    file: 'services/orders/process/messages.ts',
    replace: 'now.getTime() + Date.parse(expiresAt) - Date.parse(time)',
    by: 'now && time && expiresAt',
    ...ORDERS,
    test: 'whatever clock (late)',
  },
  {
    breaks: 'sold before it is paid',
    ...PROCESS,
    replace: 'if (!captured || !reserved) return only(order);',
    by: 'if (!reserved) return only(order);',
    test: 'gateway, partial refunds',
  },
  {
    breaks: 'a paid order expires',
    ...PROCESS,
    replace: "  paid: {\n    'sale-credited'",
    by: "  paid: {\n    'deadline-passed': (order) => cancel(order as never, 'reservation-expired', ''),\n    'sale-credited'",
    test: 'escrow, partial refunds',
  },
  {
    breaks: 'a refund said twice is booked twice',
    ...PROCESS,
    replace: "if (refund?.status !== 'requested') return only(order);",
    by: 'if (!refund) return only(order);',
    test: 'escrow, partial refunds',
  },
  {
    breaks: 'more units refunded than sold',
    ...PROCESS,
    replace: 'if (before + quantity > line.quantity)',
    by: 'if (quantity > line.quantity)',
    test: 'escrow, partial refunds',
  },
];

/** Tests that were seen to pass as the sources are. */
const sound = new Set<string>();

const copy = temporaryDirectory();
for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
mkdirSync(join(copy, '.pasindo'));
symlinkSync(join(PASINDO_DIRECTORY, 'kafka-jars'), join(copy, '.pasindo', 'kafka-jars'));

const table = new Table({
  head: ['broken on purpose', 'test that must fail', 'mutant'],
  style: { head: [], border: [] },
});
let survivors = 0;
for (const mutant of MUTANTS) {
  const outcome = await judge(mutant);
  if (outcome !== 'killed') survivors += 1;
  console.error(`${mutant.breaks}: ${outcome}`);
  table.push([mutant.breaks, `${mutant.testFile}: ${mutant.test}`, outcome]);
}
console.log(table.toString());
console.log(
  survivors === 0 ? `All ${MUTANTS.length} mutants killed.` : `${survivors} of ${MUTANTS.length} not killed.`,
);
process.exit(survivors === 0 ? 0 : 1);

/** The test passes as the sources are, and fails with the mutant in place: else nothing is shown. */
async function judge({ file, replace, by, ...test }: Mutant): Promise<string> {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(replace).length !== 2) return 'is not in the sources any more';
  const name = `${test.testFile} ${test.test}`;
  if (!sound.has(name) && !(await passes(test))) return 'its test fails without it';
  sound.add(name);
  writeFileSync(
    path,
    source.replace(replace, () => by),
  );
  try {
    return (await passes(test)) ? 'SURVIVED' : 'killed';
  } finally {
    writeFileSync(path, source);
  }
}

/** Exactly the named test is run; a run of nothing is no pass. */
function passes({ project, testFile, test }: Pick<Mutant, 'project' | 'testFile' | 'test'>): Promise<boolean> {
  const jest = spawn(
    process.execPath,
    [
      '--conditions=source',
      '--experimental-vm-modules',
      join(copy, 'node_modules/jest/bin/jest.js'),
      testFile,
      `--selectProjects=${project}`,
      `--testNamePattern=${test.replaceAll(/[()]/g, '\\$&')}`,
      '--runInBand',
      '--forceExit',
      '--json',
      `--outputFile=${join(copy, 'result.json')}`,
    ],
    { cwd: copy, stdio: 'ignore', timeout: TEST_DEADLINE_MS, env: { ...process.env, LOG_LEVEL: 'silent' } },
  );
  return new Promise((resolve) => {
    jest.once('exit', (code) => {
      resolve(code === 0 && JSON.parse(readFileSync(join(copy, 'result.json'), 'utf8')).numPassedTests > 0);
    });
  });
}
