import type { Transaction } from '#libs/database';
import { type Decided, decidedColumns, type Refusal, refuse } from '#libs/decisions';

type Reader = Pick<Transaction, 'query'>;

/** Rows about a channel that two persons agree on together, with who drafted and who approved them. */
export interface ChannelSet<Row> extends Decided {
  readonly channelId: string;
  readonly version: number;
  readonly rows: readonly Row[];
}

/** Sets of channels: in a table of their kind, with their rows as JSON. */
export abstract class ChannelSetRepository<Row> {
  /** @param column of the rows */
  constructor(
    private readonly table: 'listing_set' | 'store_set',
    private readonly column: 'listings' | 'stores',
  ) {}

  /** The sets of a channel, in their order. */
  sets(reader: Reader, channelId: string): Promise<(Omit<ChannelSet<Row>, 'rows'> & { readonly size: number })[]> {
    return reader.query(
      `SELECT channel_id AS "channelId", version, jsonb_array_length(${this.column}) AS size, ${decidedColumns()}
         FROM ${this.table} WHERE channel_id = $1 ORDER BY version`,
      [channelId],
    );
  }

  async find(reader: Reader, channelId: string, version: number): Promise<ChannelSet<Row> | undefined> {
    const [set] = await reader.query<ChannelSet<Row>>(
      `SELECT channel_id AS "channelId", version, ${this.column} AS rows, ${decidedColumns()}
         FROM ${this.table} WHERE channel_id = $1 AND version = $2`,
      [channelId, version],
    );
    return set;
  }

  /** Keeps a draft, unless there is such a set already. */
  async draft(
    reader: Reader,
    { channelId, version, rows, createdBy }: Pick<ChannelSet<Row>, 'channelId' | 'version' | 'rows' | 'createdBy'>,
  ): Promise<void> {
    await reader.query(
      `INSERT INTO ${this.table} (channel_id, version, ${this.column}, created_by) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING`,
      [channelId, version, JSON.stringify(rows), createdBy],
    );
  }

  /** From now on the channel, which is locked, has these rows and no others. */
  async approve(transaction: Transaction, set: ChannelSet<Row>, by: string): Promise<void> {
    await transaction.query(
      `UPDATE ${this.table} SET approved_by = $3, approved_at = clock_timestamp() WHERE channel_id = $1 AND version = $2`,
      [set.channelId, set.version, by],
    );
    await this.putInForce(transaction, set);
  }

  async refuse(reader: Reader, draft: ChannelSet<Row>, refusal: Refusal): Promise<void> {
    await refuse(reader, this.table, { channel_id: draft.channelId, version: draft.version }, draft, refusal);
  }

  protected abstract putInForce(transaction: Transaction, set: ChannelSet<Row>): Promise<void>;
}
