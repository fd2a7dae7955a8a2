import { Injectable } from '@nestjs/common';
import type { ChannelCharged, Event } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { ANY_STORE } from '../channels/listing.ts';

/** What a channel took or gave, and which facility bears it since. */
interface AttributedCharge {
  readonly content: ChannelCharged;
  readonly facilityId: string;
  readonly correlationId: string;
}

/** SQL: whose a charge is by the stores in force. */
const BEARER = `
  (SELECT store.facility_id FROM store
    WHERE store.channel_id = charge.channel_id AND store.store IN (charge.store, '${ANY_STORE}')
    ORDER BY store.store = '${ANY_STORE}' LIMIT 1)`;

@Injectable()
export class ChargeRepository {
  /** Until the transaction ends nobody approves other stores of these channels. */
  async holdStores(transaction: Transaction, channelIds: readonly string[]): Promise<void> {
    await transaction.query('SELECT FROM channel WHERE channel_id = ANY ($1::text[]) ORDER BY channel_id FOR SHARE', [
      channelIds,
    ]);
  }

  /** Keeps those that are not there. @returns of these, by id, which facility bears each; null: none that is known */
  async add(transaction: Transaction, events: readonly Event<ChannelCharged>[]): Promise<Map<string, string | null>> {
    const added = await transaction.query<{ chargeId: string; facilityId: string | null }>(
      `INSERT INTO charge (charge_id, channel_id, store, facility_id, content, correlation_id)
       SELECT charge_id, channel_id, store, ${BEARER}, content, correlation_id
         FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::uuid[])
              AS charge (charge_id, channel_id, store, content, correlation_id)
        ORDER BY charge_id
       ON CONFLICT DO NOTHING RETURNING charge_id AS "chargeId", facility_id AS "facilityId"`,
      [
        events.map(({ data }) => data.chargeId),
        events.map(({ data }) => data.channel),
        events.map(({ data }) => data.store),
        events.map(({ data }) => JSON.stringify(data)),
        events.map(({ correlationId }) => correlationId),
      ],
    );
    return new Map(added.map(({ chargeId, facilityId }) => [chargeId, facilityId]));
  }

  /** Of a channel those that nobody bore, and that a facility bears by the stores in force. */
  async attribute(transaction: Transaction, channelId: string): Promise<AttributedCharge[]> {
    return transaction.query(
      `UPDATE charge SET facility_id = ${BEARER}
        WHERE channel_id = $1 AND facility_id IS NULL AND ${BEARER} IS NOT NULL
       RETURNING content, facility_id AS "facilityId", correlation_id AS "correlationId"`,
      [channelId],
    );
  }
}
