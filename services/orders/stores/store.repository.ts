import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { type ChannelSet, ChannelSetRepository } from '../channels/channel-set.repository.ts';
import type { Store } from './store.ts';

@Injectable()
export class StoreRepository extends ChannelSetRepository<Store> {
  constructor() {
    super('store_set', 'stores');
  }

  protected override async putInForce(
    transaction: Transaction,
    { channelId, version }: ChannelSet<Store>,
  ): Promise<void> {
    await transaction.query('DELETE FROM store WHERE channel_id = $1', [channelId]);
    await transaction.query(
      `INSERT INTO store (channel_id, store, facility_id)
       SELECT channel_id, listed.store, listed."facilityId"
         FROM store_set, jsonb_to_recordset(stores) AS listed (store text, "facilityId" text)
        WHERE channel_id = $1 AND version = $2`,
      [channelId, version],
    );
  }

  /** Those of these facilities that the catalogue has told of. */
  async knownFacilities(reader: Pick<Transaction, 'query'>, facilityIds: readonly string[]): Promise<Set<string>> {
    const rows = await reader.query<{ facilityId: string }>(
      'SELECT facility_id AS "facilityId" FROM facility WHERE facility_id = ANY ($1::text[])',
      [facilityIds],
    );
    return new Set(rows.map(({ facilityId }) => facilityId));
  }
}
