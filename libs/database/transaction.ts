import { createHash } from 'node:crypto';
import { type ClientBase, escapeIdentifier, escapeLiteral, type QueryConfig } from 'pg';
import { log } from '#libs/observability';
import { elevated, type RowScope, rowAccess, rowScope } from './row-access.ts';
import type { SilenceWatch } from './silence.ts';

/** SQL inside one database transaction. */
export interface Transaction {
  /** Rows of a SELECT or of RETURNING, else none. What is asked before an answer is here leaves at once, in its order. */
  query<Row = unknown>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** A statement whose answer nobody needs: not waited for before the commit, which fails if it does. */
  write(sql: string, parameters?: unknown[]): void;
  /**
   * Runs once the transaction is committed, never if it is rolled back or the process dies first. If it fails, that is
   * written down: what was committed did not fail by it, and must not be done again.
   */
  afterCommit(action: () => void): void;
  /**
   * With all rows, whatever the scope: what follows from a row that this transaction has seen under it, such as its
   * posting. Who may call it is listed in elevated.spec.ts.
   */
  elevated<T>(work: () => Promise<T>): Promise<T>;
}

/** The roles that a service works under. */
export interface Roles {
  /** With all rows; connections begin with it. */
  readonly service: string;
  /** With the rows of some facilities; undefined: nothing in this database is facilities' own. */
  readonly scoped?: string;
}

/** How the statements of a piece of work are sent. */
export interface Sending {
  /**
   * How long an answer is waited for from a server that cannot even be asked whether it is at work on it, and how long
   * the server waits within a transaction for what comes next.
   */
  readonly statementDeadlineMs: number;
  /**
   * Statements that come again and again are parsed once a connection. For a few rows they are planned once, too: each
   * row by index, however small its table was then; for many rows, each time for how many there are.
   */
  readonly prepared?: 'for a few rows' | 'for many rows';
}

/** Statements over one connection, sent without waiting for each other's answers; of a turn of ours in one packet. */
export class Session {
  /** A connection on which a statement has failed may know fewer prepared ones than its driver believes. */
  hasFailed = false;
  #isCorked = false;

  constructor(
    readonly client: ClientBase,
    private readonly watch: SilenceWatch,
    private readonly sending: Sending,
  ) {}

  async rows<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    this.#cork();
    const name = this.sending.prepared && parameters ? { name: nameOf(sql) } : {};
    const config: QueryConfig = { ...name, text: sql, ...(parameters && { values: parameters }) };
    try {
      const { rows } = await this.watch.answer(this.client, this.sending.statementDeadlineMs, () =>
        this.client.query(config),
      );
      return rows ?? []; // several statements in one have none
    } catch (error) {
      this.hasFailed = true;
      throw error;
    }
  }

  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    const { stream } = (this.client as unknown as { connection: { stream: { cork(): void; uncork(): void } } })
      .connection;
    stream.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      stream.uncork();
    });
  }
}

/**
 * Commits what `work` did, or rolls it all back and throws its error. READ COMMITTED. If we are lost to the server it
 * rolls back as well, after as long as we would wait for it, so that nobody waits for our locks any longer.
 *
 * The beginning, and whatever is asked with it, is one round trip. A statement that fails makes those behind it fail
 * too: the first failure is the one that is thrown.
 */
export async function inTransaction<T>(
  session: Session,
  { service, scoped }: Roles,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const scope = scoped === undefined ? undefined : rowScope();
  const become = (role: string) => `SET LOCAL ROLE ${escapeIdentifier(role)}`;
  const actions: (() => void)[] = [];
  let failure: unknown; // set while the transaction can do nothing any more but be undone, in whole or to a savepoint
  const send = async <Row>(sql: string, parameters?: unknown[]): Promise<Row[]> => {
    try {
      const rows = await session.rows<Row>(sql, parameters);
      failure = undefined;
      return rows;
    } catch (error) {
      failure ??= error;
      throw failure;
    }
  };
  const sendAside = (sql: string, parameters?: unknown[]): void => void send(sql, parameters).catch(() => {});
  const withAllRows = async <Result>(elevatedWork: () => Promise<Result>): Promise<Result> => {
    if (!scope || !scoped || !rowScope()) return elevatedWork(); // it has them all already
    sendAside(become(service));
    try {
      return await elevated(elevatedWork);
    } finally {
      sendAside(become(scoped));
    }
  };
  // Settings, as what SELECT sets would be too late for SET TRANSACTION.
  sendAside(scope && scoped ? `BEGIN; ${become(scoped)}; ${settingsOf(scope)}` : 'BEGIN');
  try {
    const result = await work({
      query: send,
      write: sendAside,
      afterCommit: (action) => void actions.push(action),
      elevated: withAllRows,
    });
    await session.rows('COMMIT'); // of a transaction that has failed it is a rollback
    if (failure !== undefined) throw failure;
    for (const action of actions) rowAccess.exit(() => withoutFailing(action)); // nobody asks for what they begin
    return result;
  } catch (error) {
    await session.rows('ROLLBACK').catch(() => {}); // the connection may be what failed; the first error is the one to tell
    throw failure ?? error;
  }
}

function settingsOf({ facilities, maker = '' }: RowScope): string {
  const comma = facilities.find((facilityId) => facilityId.includes(','));
  if (comma !== undefined) throw new RangeError(`the facility ${comma} would be several`);
  return `SET LOCAL pasindo.facilities = ${escapeLiteral(facilities.join(','))}; SET LOCAL pasindo.maker = ${escapeLiteral(maker)}`;
}

const names = new Map<string, string>();

function nameOf(sql: string): string {
  const known = names.get(sql);
  if (known) return known;
  const name = createHash('sha256').update(sql).digest('base64url').slice(0, 22);
  names.set(sql, name);
  return name;
}

function withoutFailing(action: () => void): void {
  try {
    action();
  } catch (error) {
    log.error({ err: error }, 'failed after the commit, which stands');
  }
}
