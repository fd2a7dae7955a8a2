import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';

export interface Channel {
  readonly channelId: string;
  readonly name: string;
  /** escrow: the channel holds the buyer's money when it tells us; gateway: it is still to be captured. */
  readonly payment: 'escrow' | 'gateway';
  /** Of a channel that reports no settlements: so long after its order a sale is released. null: settlement releases. */
  readonly returnWindowDays: number | null;
}

@Injectable()
export class ChannelRepository {
  /** All channels: a handful. */
  async all(reader: Pick<Transaction, 'query'>): Promise<Channel[]> {
    return reader.query<Channel>(
      `SELECT channel_id AS "channelId", name, payment, return_window_days AS "returnWindowDays"
         FROM channel ORDER BY channel_id`,
    );
  }
}
