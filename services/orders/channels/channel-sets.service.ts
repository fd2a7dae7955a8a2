import { canonical } from '#libs/contracts';
import type { Database, Transaction } from '#libs/database';
import { decisionOf, isToDo, type Refusal } from '#libs/decisions';
import { notFound, Problem } from '#libs/http';
import type { ChannelRepository } from './channel.repository.ts';
import type { ChannelSet, ChannelSetRepository } from './channel-set.repository.ts';

/** Of a channel, sets that two persons agree on. The one approved last is in force, whole. */
export abstract class ChannelSetsService<Row, View> {
  /** @param called what the rows of a set are, in answers */
  constructor(
    protected readonly database: Database,
    private readonly channels: ChannelRepository,
    private readonly stored: ChannelSetRepository<Row>,
    private readonly called: 'Listings' | 'Stores',
  ) {}

  async sets(channelId: string) {
    const sets = await this.stored.sets(this.database, channelId);
    if (sets.length === 0) await this.#locked(this.database, channelId);
    return sets.map(({ channelId: _, ...set }) => ({ ...set, status: decisionOf(set).status }));
  }

  async find(channelId: string, version: number): Promise<View> {
    return this.viewOf(await this.#set(this.database, channelId, version));
  }

  /** Puts a set in force, in place of the one before. */
  approve(channelId: string, version: number, by: string): Promise<View> {
    return this.#decide(channelId, version, async (transaction, draft) => {
      if (!isToDo(decisionOf(draft), 'approval', by)) return;
      const sets = await this.stored.sets(transaction, channelId);
      const later = sets.find((set) => set.approvedAt !== null && set.version > version);
      if (later) {
        throw new Problem({
          status: 409,
          title: 'Later set in force',
          detail: `${this.called} v${later.version} of ${channelId} are in force: what is to hold after them is a later version.`,
        });
      }
      await this.stored.approve(transaction, draft, by);
      await this.onApproved(transaction, channelId);
    });
  }

  /** Withdraws or rejects a draft. */
  refuse(channelId: string, version: number, refusal: Refusal): Promise<View> {
    return this.#decide(channelId, version, (transaction, draft) => this.stored.refuse(transaction, draft, refusal));
  }

  /** Keeps a set as a draft. The same draft again is the same answer; another one needs another version. */
  protected keep(channelId: string, version: number, rows: readonly Row[], createdBy: string): Promise<View> {
    return this.database.transaction(async (transaction) => {
      await this.#locked(transaction, channelId);
      await this.stored.draft(transaction, { channelId, version, rows, createdBy });
      const stored = await this.#set(transaction, channelId, version);
      if (canonical(stored.rows) !== canonical(rows)) {
        throw new Problem({
          status: 409,
          title: 'Version exists',
          detail: `${this.called} v${version} of ${channelId} were drafted with other content, and a set is never edited: draft the next one.`,
        });
      }
      return this.viewOf(stored);
    });
  }

  /** What follows of it at once; its channel is locked. */
  protected async onApproved(_transaction: Transaction, _channelId: string): Promise<void> {}

  protected abstract viewOf(set: ChannelSet<Row>): View;

  #decide(
    channelId: string,
    version: number,
    decide: (transaction: Transaction, draft: ChannelSet<Row>) => Promise<void>,
  ): Promise<View> {
    return this.database.transaction(async (transaction) => {
      await this.#locked(transaction, channelId);
      await decide(transaction, await this.#set(transaction, channelId, version));
      return this.viewOf(await this.#set(transaction, channelId, version));
    });
  }

  async #locked(reader: Pick<Transaction, 'query'>, channelId: string): Promise<void> {
    if (!(await this.channels.lock(reader, channelId))) throw notFound('Channel', channelId);
  }

  async #set(reader: Pick<Transaction, 'query'>, channelId: string, version: number): Promise<ChannelSet<Row>> {
    const found = await this.stored.find(reader, channelId, version);
    if (!found) throw notFound(this.called, `${channelId} v${version}`);
    return found;
  }
}
