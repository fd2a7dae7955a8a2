/**
 * `npm run faults:mutants [-- --only TEXT] [--write]`: breaks one guarantee at a time in a copy of the sources and runs
 * the test that must notice. A mutant that survives says that the guarantee is not tested. `--write` puts the table into
 * docs/RELIABILITY.md.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { PASINDO_DIRECTORY } from '../../deploy/local/embedded.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { writeBetween } from '../kit/page.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['libs', 'services', 'deploy', 'test', 'docs'];
const SETTINGS = ['package.json', 'jest.config.js', '.swcrc', 'nest-cli.json', 'tsconfig.json'];
const COPIED = [...SOURCES, ...SETTINGS];

/** Each with a broker and a database of its own. */
const AT_ONCE = 2;
const TEST_DEADLINE_MS = 300_000;

interface Mutant {
  readonly breaks: string;
  readonly file: string;
  /** Once in the file. */
  readonly replace: string;
  readonly by: string;
  readonly project: 'unit' | 'integration' | 'journeys' | 'faults';
  readonly testFile: string;
  /** Part of the name of the test that must fail. */
  readonly test: string;
}

const MESSAGING = { project: 'integration', testFile: 'libs/messaging/messaging.int.spec.ts' } as const;
const BROKER = { project: 'integration', testFile: 'libs/messaging/kafka/kafka.int.spec.ts' } as const;
const EVENTS = { project: 'unit', testFile: 'libs/messaging/cloud-events.spec.ts' } as const;
const LETTERS = { project: 'integration', testFile: 'libs/messaging/dead-letters.int.spec.ts' } as const;
const POSITIONS = { project: 'integration', testFile: 'libs/messaging/positions.int.spec.ts' } as const;
const RELAY = { project: 'integration', testFile: 'libs/messaging/relay.int.spec.ts' } as const;
const DATABASE = { project: 'integration', testFile: 'libs/database/silence.int.spec.ts' } as const;
const MEMBER = { project: 'unit', testFile: 'libs/messaging/kafka/consumer.spec.ts' } as const;
const ORDERS = { project: 'integration', testFile: 'services/orders/orders.int.spec.ts' } as const;
const FEED = { project: 'integration', testFile: 'services/ledger/reports/feed/feed.int.spec.ts' } as const;
const SCOPE = { project: 'integration', testFile: 'services/ledger/scope.int.spec.ts' } as const;
const ACCESS = { project: 'integration', testFile: 'libs/access/access.int.spec.ts' } as const;
const FETCHED = { project: 'unit', testFile: 'libs/messaging/kafka/fetched.spec.ts' } as const;
/** What the houses agree on is wrong all the same: only what was sent says so. */
const FAULTS_RUN = {
  project: 'faults',
  testFile: 'test/faults/faults.spec.ts',
  test: 'kill -9 of orders: nothing lost',
} as const;
const PROCESS = {
  file: 'services/orders/process/order-process.ts',
  project: 'unit',
  testFile: 'services/orders/process/order-process.explore.spec.ts',
} as const;

const MUTANTS: readonly Mutant[] = [
  {
    breaks: 'a token for another service is taken',
    file: 'libs/access/token.verifier.ts',
    replace: '      audience,\n      typ,',
    by: '      typ,',
    ...ACCESS,
    test: 'for another service is refused',
  },
  {
    breaks: 'two grants that nobody may have at once are taken',
    file: 'libs/access/roles.ts',
    replace: '  if (clash)',
    by: '  if (clash && grants.length === 0)',
    ...ACCESS,
    test: '["approver@national","drafter@national"] are refused as a whole',
  },
  {
    breaks: 'a new approver approves at once',
    file: 'libs/access/approvers.ts',
    replace: 'this.#restMs > 0 &&',
    by: 'this.#restMs < 0 &&',
    ...ACCESS,
    test: 'who is new rests for a day',
  },
  {
    breaks: 'one key of two callers is one request',
    file: 'libs/access/authenticate.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: text of the source
    replace: '`person:${person}`',
    by: "'person'",
    ...ACCESS,
    test: 'has keys of its own: another with the same one is another request',
  },
  {
    breaks: 'a person under another client is another person',
    file: 'libs/access/token.verifier.ts',
    replace: '      person,\n      client,',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: text of the source
    by: '      person: person && `${person}-${client}`,\n      client,',
    project: 'journeys',
    testFile: 'test/journeys/access.spec.ts',
    test: 'does not approve an adjustment of his own, however he comes',
  },
  {
    breaks: 'a refusal is seen by nobody',
    file: 'libs/http/problem.ts',
    replace: "log.warn(told, 'request refused')",
    by: "log.debug(told, 'request refused')",
    ...ACCESS,
    test: 'says of a refusal once',
  },
  {
    breaks: 'a line of the log has what the one before had',
    file: 'libs/observability/log.ts',
    replace: '({ ...correlation.getStore() })',
    by: 'correlation.getStore() ?? {}',
    ...ACCESS,
    test: 'says in a line nothing of the one before',
  },
  {
    breaks: 'an issuer that calls itself otherwise is believed',
    file: 'libs/access/token.verifier.ts',
    replace: 'configuration.issuer !== issuer',
    by: "typeof configuration.issuer !== 'string'",
    project: 'unit',
    testFile: 'libs/access/token.verifier.spec.ts',
    test: 'that calls itself otherwise: 503',
  },
  {
    breaks: 'signing in takes an answer to what somebody else asked',
    file: 'deploy/identity/login.command.ts',
    replace: 'state !== request.state',
    by: 'state === null',
    project: 'unit',
    testFile: 'deploy/identity/login.spec.ts',
    test: 'takes the answer to what it asked, and no other',
  },
  {
    breaks: 'a database elsewhere is spoken to in plain text',
    file: 'libs/database/configured-url.ts',
    replace: ': ssl;',
    by: ': !ssl;',
    project: 'unit',
    testFile: 'libs/database/configured-url.spec.ts',
    test: 'one elsewhere, in plain text, ends the start',
  },
  {
    breaks: 'a log tells the parameters of a statement',
    file: 'libs/observability/errors.ts',
    replace: "    ...(typeof table === 'string' && { table }),",
    by: "    ...(typeof table === 'string' && { table }),\n    ...{ parameters: (error as { parameters?: unknown }).parameters },",
    project: 'unit',
    testFile: 'libs/observability/errors.spec.ts',
    test: 'a log tells a broken constraint and not the name in it',
  },
  {
    breaks: 'publish before commit',
    file: 'libs/messaging/outbox.ts',
    replace: 'this.announce(transaction);',
    by: "await transaction.query('COMMIT');\n    await transaction.query('BEGIN');\n    this.announce(transaction);",
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
    replace: 'this.#queue.put(',
    by: 'this.#remember(messages.map((message) => toReceived(topic, partition, message)));\n    this.#queue.put(',
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
    replace: '[LEADER_SILENT_MAX],',
    by: "['0'],",
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
    file: 'libs/service/retention.ts',
    replace: 'const INBOX_DAYS = 1 + ',
    by: 'const INBOX_DAYS = -1 + ',
    project: 'unit',
    testFile: 'libs/service/retention.spec.ts',
    test: 'what is kept how long is said in docs/OPERATING.md',
  },
  {
    breaks: 'events of an unknown type are dropped',
    file: 'libs/messaging/batch-processor.ts',
    replace: 'known && !this.handlers.has(type) && topicNamed(message.topic)?.topic === known.topic',
    by: '!this.handlers.has(type)',
    ...LETTERS,
    test: 'is not what a later version says',
  },
  {
    breaks: 'a newer schema makes messages poison',
    file: 'libs/messaging/systemic-failure.ts',
    replace: "const OF_OLDER_VERSION = ['23502', '42703'];",
    by: 'const OF_OLDER_VERSION: string[] = [];',
    ...LETTERS,
    test: 'is not what a newer schema refuses',
  },
  {
    breaks: 'a service goes on with a database that was put back',
    file: 'libs/messaging/positions.ts',
    replace: 'if (ahead.length === 0) return;',
    by: 'if (ahead.length >= 0) return;',
    ...POSITIONS,
    test: 'is refused at the start',
  },
  {
    breaks: 'what is done again is told under another id',
    file: 'libs/messaging/outbox.ts',
    replace: 'JSON.stringify([event.causationId, event.type, event.key])',
    by: 'JSON.stringify([event.causationId, event.type, event.key, Math.random()])',
    ...POSITIONS,
    test: 'has the id that it had before',
  },
  {
    breaks: "a session of another server is taken for one's own",
    file: 'libs/database/silence.ts',
    replace: 'this.#servers.has(connection) && this.#servers.get(connection) !== servers[0]?.server;',
    by: 'servers.length === 0 && connection.processID === 0;',
    ...DATABASE,
    test: 'of another server that has taken over',
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
    replace: 'setInterval(() => this.#heartbeat().catch(() => {}), HEARTBEAT_INTERVAL_MS)',
    by: 'setInterval(() => {}, HEARTBEAT_INTERVAL_MS)',
    ...BROKER,
    test: 'says that it lives while a batch takes long',
  },
  {
    breaks: 'two batches at a time, of one partition too',
    file: 'libs/messaging/delivery-queue.ts',
    replace: 'this.#running ??= this.#run();',
    by: 'this.#running = this.#run();',
    ...BROKER,
    test: 'hands over one batch at a time',
  },
  {
    breaks: 'what was fetched may be any amount',
    file: 'libs/messaging/delivery-queue.ts',
    replace: '<= WAITING_BYTES_MAX;',
    by: '<= Number.MAX_VALUE;',
    ...BROKER,
    test: 'does not fetch what its handler has no time for',
  },
  {
    breaks: 'the group is joined before the transaction ends',
    file: 'libs/messaging/kafka/consumer.ts',
    replace: 'joiningAfter(() => this.#settle())',
    by: 'joiningAfter(async () => {})',
    ...BROKER,
    test: 'says that it lives while a batch takes long',
  },
  {
    breaks: 'a transaction begins without the inbox',
    file: 'libs/messaging/batch-processor.ts',
    replace: 'admitUnlessBlocked(transaction, this.consumer, readings),',
    by: 'readings,',
    ...MESSAGING,
    test: 'that come twice have their effects once',
  },
  {
    breaks: 'a statement that nobody waited for fails unheard',
    file: 'libs/database/transaction.ts',
    replace: '    if (failure !== undefined) throw failure;\n',
    by: '',
    project: 'integration',
    testFile: 'libs/database/transaction.int.spec.ts',
    test: 'a statement that nobody waited for',
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
    replace: 'return new Set(rows.map((row) => keyName(row.topic, row.key_hash)));',
    by: 'return rows.length < 0 ? new Set(rows.map((row) => keyName(row.topic, row.key_hash))) : new Set();',
    ...LETTERS,
    test: 'is redriven in the order in which it came',
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
    replace: 'if (place?.topic !== definition.topic) {',
    by: 'if (!place) {',
    ...EVENTS,
    test: 'is unreadable with another topic than its own',
  },
  {
    breaks: 'topic not compared with the channel',
    file: 'services/orders/orders.listener.ts',
    replace: 'return sender === undefined || sender === data.channel;',
    by: 'return sender === undefined || data.channel.length > 0;',
    ...ORDERS,
    test: 'what a channel says of an order of another',
  },
  {
    breaks: 'a channel that comes later is not looked for',
    file: 'libs/messaging/kafka/consumer.ts',
    replace: 'setInterval(() => void this.#lookAgain(), LOOK_AGAIN_MS)',
    by: 'setInterval(() => {}, LOOK_AGAIN_MS)',
    ...BROKER,
    test: 'joins a topic of its form that comes later',
  },
  {
    breaks: 'a stranger says under which correlation his event is',
    file: 'libs/messaging/cloud-events.ts',
    replace: '(place.topic.outside ? undefined : attribute(name, pattern))',
    by: 'attribute(name, pattern)',
    ...EVENTS,
    test: 'has a correlation of ours',
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
    test: 'a batch that was cut off by the broker',
  },
  {
    breaks: "everybody's failure is buried",
    file: 'libs/messaging/systemic-failure.ts',
    replace: 'return (this.#runs.get(type)?.messages.size ?? 0) >= HANDFUL;',
    by: 'return type.length < 0;',
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
    replace: "const digest = createHash('sha256').update(JSON.stringify(shape));",
    by: "const digest = createHash('sha256');\n  if (shape) return digest.digest();",
    ...LETTERS,
    test: 'letters of a topic that was made anew',
  },
  {
    breaks: 'followers of a dead letter lose their order',
    file: 'libs/messaging/dead-letters.ts',
    replace: 'AND key_hash = $3 ORDER BY arrival LIMIT',
    by: "AND key_hash = $3 ORDER BY status = 'parked', arrival DESC LIMIT",
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
    replace: 'await dismissPredecessors(this.#kafka, this.#group, this.#member);',
    by: '',
    project: 'integration',
    testFile: 'libs/messaging/kafka/predecessors.int.spec.ts',
    test: 'takes the place of a killed one',
  },
  {
    breaks: 'a silent database connection is waited for',
    file: 'libs/database/silence.ts',
    replace:
      "for (const { connection } of lost) this.#giveUp(connection, 'the server is not at work on what was asked');",
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
    file: 'libs/database/database.ts',
    replace: 'idle_in_transaction_session_timeout: ',
    by: 'lock_timeout: ',
    ...DATABASE,
    test: 'locks of an instance that is lost',
  },
  {
    breaks: 'connections that were lost with another are handed out',
    file: 'libs/database/database.ts',
    replace: '> this.#watch.lastLossAt',
    by: '> Number.NEGATIVE_INFINITY',
    ...DATABASE,
    test: 'of many connections that fall silent together',
  },
  {
    breaks: 'a broken connection is taken for a poison message',
    file: 'libs/database/transient.ts',
    replace: '|not queryable/i',
    by: '/i',
    ...DATABASE,
    test: 'breaks between two statements',
  },
  {
    breaks: 'the orders of checkouts and of answers are claimed apart',
    file: 'services/orders/orders.listener.ts',
    replace:
      'const claimed = await this.processes.claim(transaction, {\n      told: told.map(({ data }) => orderIdOf(data)),\n      known:',
    by: 'const claimed = await this.processes.claim(transaction, { told: told.map(({ data }) => orderIdOf(data)) });\n    const later = await this.processes.claim(transaction, {\n      known:',
    ...ORDERS,
    test: 'never waits in a circle',
  },
  {
    breaks: 'the books lock the chains of a batch one after the other',
    file: 'services/ledger/sales/sales/sales.listener.ts',
    replace:
      'const books = await openBooksFor(transaction, events);\n    for (const { handler: type, events: run } of deliveriesOf(events, (type) => type, TYPES)) {',
    by: 'for (const { handler: type, events: run } of deliveriesOf(events, (type) => type, TYPES)) {\n      const books = await openBooksFor(transaction, run as typeof events);',
    project: 'integration',
    testFile: 'services/ledger/ledger.int.spec.ts',
    test: 'a batch never waits in a circle',
  },
  {
    breaks: "deadlines by the catalogue's clock",
    file: 'services/orders/process/answers.ts',
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
  {
    breaks: 'a codec is not registered',
    file: 'libs/messaging/kafka/compression.ts',
    replace: '  snappy,\n  lz4,',
    by: "  async () => Promise.reject(new Error('no codec')),\n  lz4,",
    ...FETCHED,
    test: 'compressed by snappy as Java writes it is its messages',
  },
  {
    breaks: 'a header without a value is kept',
    file: 'libs/messaging/kafka/fetched.ts',
    replace: 'if (value) headers.push([name, value]);',
    by: 'headers.push([name, value as Buffer]);',
    ...FETCHED,
    test: 'compressed by none is its messages',
  },
  {
    breaks: 'a zero byte cannot be buried',
    file: 'libs/messaging/dead-letters.ts',
    replace: "replaceAll('\\0', '\\uFFFD').toWellFormed()",
    by: 'toWellFormed()',
    ...LETTERS,
    test: 'a cause with zero bytes',
  },
  {
    breaks: 'every letter of a key is locked',
    file: 'libs/messaging/dead-letters.ts',
    replace: 'FROM blocked_key\n        WHERE consumer = $1 AND (topic, key_hash)',
    by: 'FROM dead_letter\n        WHERE resolved_at IS NULL AND consumer = $1 AND (topic, key_hash)',
    ...LETTERS,
    test: 'costs the same however much waits behind it',
  },
  {
    breaks: 'a dead letter is kept unsealed',
    file: 'libs/messaging/dead-letters.ts',
    replace: 'part: string) => bytes && this',
    by: "part: string) => part === 'value' ? bytes : bytes && this",
    ...LETTERS,
    test: 'is sealed at rest',
  },
  {
    breaks: 'what a payout has reserved is not looked at',
    file: 'services/ledger/migrations/1764000001600-reserve-on-accounts.ts',
    replace: 'THEN $1.balance + $1.reserved',
    by: 'THEN $1.balance',
    project: 'integration',
    testFile: 'services/ledger/decisions/payouts/races.int.spec.ts',
    test: 'the database lets nobody reserve more than an account owes',
  },
  {
    breaks: 'one person bills a deposit and confirms it',
    file: 'services/ledger/decisions/deposits/deposits.service.ts',
    replace: "if (!isToDo(decisionOf(deposit), 'approval', by) && deposit.ntpn === ntpn) return;",
    by: '',
    project: 'journeys',
    testFile: 'test/journeys/border.spec.ts',
    test: 'is billed by one person and confirmed by another',
  },
  {
    breaks: 'two tell of one chain of the books at once',
    file: 'services/ledger/reports/feed/journal-feed.repository.ts',
    replace: ' FOR UPDATE OF feed_position SKIP LOCKED',
    by: '',
    ...FEED,
    test: 'keeps the order of each chain',
  },
  {
    breaks: 'what is told of the books is not told with its place',
    file: 'services/ledger/reports/feed/feed.service.ts',
    replace: 'this.journals.advance(transaction,',
    by: 'this.journals.advance(this.database,',
    ...FEED,
    test: 'a crash tells nothing twice or never',
  },
  {
    breaks: 'the verification does not know the laws of accounts',
    file: 'services/ledger/proof/verification/laws.repository.ts',
    replace: 'of laws) {',
    by: 'of laws.slice(1)) {',
    project: 'integration',
    testFile: 'services/ledger/proof/verification/every-table.int.spec.ts',
    test: 'wages are never debit: a row that breaks it is found',
  },
  {
    breaks: 'a request is known by the spelling of its path',
    file: 'libs/http/idempotency.ts',
    replace: 'pathOf(request)}',
    by: 'pathOf(request) && request.path}',
    project: 'integration',
    testFile: 'libs/http/idempotency.int.spec.ts',
    test: 'its path in other spelling: a slash behind',
  },
  {
    breaks: 'row-level security off',
    file: 'libs/database/row-security.ts',
    replace: 'ENABLE ROW LEVEL SECURITY, FORCE',
    by: 'DISABLE ROW LEVEL SECURITY, FORCE',
    ...SCOPE,
    test: 'no table gives a row of F1',
  },
  {
    breaks: 'no scope in the query',
    file: 'services/ledger/books/journals/journal.repository.ts',
    replace: '($8::text[] IS NULL OR facility_id = ANY ($8))',
    by: '($8::text[] IS NULL OR true)',
    ...SCOPE,
    test: 'do not stand on row-level security alone JournalsController.list',
  },
  {
    breaks: 'who sees some facilities works as who sees all',
    file: 'libs/database/transaction.ts',
    replace: 'scoped === undefined ? undefined : rowScope()',
    by: 'scoped === undefined ? rowScope() : undefined',
    ...SCOPE,
    test: 'JournalsController.get: nothing of F1 appears',
  },
  {
    breaks: 'what the standby does not have may be committed',
    file: 'test/faults/system.ts',
    replace: "const synchronous = database === 'ha';",
    by: 'const synchronous = false;',
    project: 'faults',
    testFile: 'test/faults/failovers.spec.ts',
    test: 'whose primary is killed while its standby is behind',
  },
  {
    breaks: 'every house agrees on a wrong price',
    file: 'services/orders/orders/order-lines.ts',
    replace: 'discount: line.discount + discountOf(index),',
    by: 'discount: discountOf(index) < 0 ? 0 : line.discount,',
    ...FAULTS_RUN,
  },
  {
    breaks: 'an order is cancelled that could be sold',
    ...PROCESS,
    replace: "'payment-captured': (order) => payIfComplete({ ...order, captured: true }),",
    by: "'payment-captured': (order) => order.units === 5 ? cancel(order, 'out-of-stock', '') : payIfComplete({ ...order, captured: true }),",
    ...FAULTS_RUN,
  },
];

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, write: { type: 'boolean', default: false } },
});
const chosen = MUTANTS.filter(({ breaks, file }) => `${breaks} ${file}`.includes(values.only));
/** Each test as it is without any mutant, one run for all tests of a file. */
const withoutMutant = new Map<string, Promise<Outcomes>>();
const outcomes = new Map<Mutant, string>();
const waiting = [...chosen];
await Promise.all(Array.from({ length: AT_ONCE }, work));

const survivors = chosen.filter((mutant) => outcomes.get(mutant) !== 'killed').length;
const verdict =
  survivors === 0 ? `All ${chosen.length} mutants killed.` : `${survivors} of ${chosen.length} not killed.`;
const rows = chosen.map((mutant) => [mutant.breaks, `${mutant.testFile}: ${mutant.test}`, outcomes.get(mutant)]);
const table = [
  'broken on purpose | test that must fail | mutant',
  '--- | --- | ---',
  ...rows.map((row) => row.join(' | ')),
]
  .map((row) => `| ${row} |`)
  .join('\n');
console.log(`${table}\n${verdict}`);
if (values.write)
  writeBetween(
    'RELIABILITY',
    'mutants',
    `\`npm run faults:mutants\`, ${new Date().toISOString().slice(0, 10)}. ${verdict}\n\n${table}`,
  );
process.exit(survivors === 0 ? 0 : 1);

async function work(): Promise<void> {
  const copy = copyOfTheSources();
  for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
    const outcome = await judge(copy, mutant);
    outcomes.set(mutant, outcome);
    console.error(`${mutant.breaks}: ${outcome}`);
  }
}

function copyOfTheSources(): string {
  const copy = temporaryDirectory();
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  mkdirSync(join(copy, '.pasindo'));
  symlinkSync(join(PASINDO_DIRECTORY, 'kafka-jars'), join(copy, '.pasindo', 'kafka-jars'));
  return copy;
}

/** The test passes as the sources are, and says with the mutant in place what is wrong: else nothing is shown. */
async function judge(copy: string, mutant: Mutant): Promise<string> {
  const path = join(copy, mutant.file);
  const source = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (source.split(mutant.replace).length !== 2) return 'not applied: is not in the sources any more';
  const { testFile, project } = mutant;
  if (!withoutMutant.has(testFile)) {
    const names = MUTANTS.filter((each) => each.testFile === testFile).map(({ test }) => test);
    withoutMutant.set(testFile, outcomesOf(copy, project, testFile, names));
  }
  const before = outcomeOf(mutant, (await withoutMutant.get(testFile)) as Outcomes);
  if (before !== 'passed') return `not applied: its test, without it, ${before}`;
  writeFileSync(
    path,
    source.replace(mutant.replace, () => mutant.by),
  );
  try {
    const outcome = outcomeOf(mutant, await outcomesOf(copy, project, testFile, [mutant.test]));
    if (outcome === 'says what is wrong') return 'killed';
    return outcome === 'passed' ? 'SURVIVED' : `not killed: its test ${outcome}`;
  } finally {
    writeFileSync(path, source);
  }
}

/** By full name: null for a test that passed, else what it said. */
type Outcomes = ReadonlyMap<string, string | null>;

/** An assertion's word counts, not that of a deadline, of a hook or of code that does not even run. */
function outcomeOf({ test }: Mutant, outcomes: Outcomes): string {
  const said = [...outcomes].flatMap(([name, failure]) => (name.includes(test) ? [failure] : []));
  if (said.length === 0) return 'was not run';
  const failures = said.flatMap((failure) => failure ?? []);
  if (failures.length === 0) return 'passed';
  if (failures.some((failure) => /\b(expect|assert\.\w+)\(/.test(failure))) return 'says what is wrong';
  return `ends with: ${failures[0]?.split('\n')[0]?.slice(0, 100)}`;
}

/** Exactly the named tests are run. */
async function outcomesOf(
  copy: string,
  project: string,
  testFile: string,
  names: readonly string[],
): Promise<Outcomes> {
  const result = join(copy, 'result.json');
  rmSync(result, { force: true });
  const jest = spawn(
    process.execPath,
    [
      '--conditions=source',
      '--experimental-vm-modules',
      join(copy, 'node_modules/jest/bin/jest.js'),
      testFile,
      `--selectProjects=${project}`,
      `--testNamePattern=${names.map((name) => name.replaceAll(/[()[\]{}.*+?^$|\\]/g, '\\$&')).join('|')}`,
      '--runInBand',
      '--forceExit',
      '--json',
      `--outputFile=${result}`,
    ],
    { cwd: copy, stdio: 'ignore', timeout: TEST_DEADLINE_MS, env: { ...process.env, LOG_LEVEL: 'silent' } },
  );
  await once(jest, 'exit');
  if (!existsSync(result)) return new Map();
  const { testResults } = JSON.parse(readFileSync(result, 'utf8')) as { testResults: { assertionResults: Result[] }[] };
  const run = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'pending');
  return new Map(
    run.map(({ fullName, status, failureMessages }) => [
      fullName,
      status === 'passed' ? null : stripVTControlCharacters(failureMessages.join('\n')),
    ]),
  );
}

interface Result {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}
