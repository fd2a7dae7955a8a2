import { Injectable } from '@nestjs/common';
import type { DataOf, Event, JournalTotals, refundPosted, saleCredited } from '#libs/contracts';
import type { Transaction } from '#libs/database';

type Journal = DataOf<typeof saleCredited> & Partial<Pick<DataOf<typeof refundPosted>, 'refundId'>>;

/** What the ledger booked for a sale of an order, or took back for a refund. Whole rupiah. */
export interface Posting extends JournalTotals {
  readonly orderId: string;
  readonly journalId: string;
  readonly facilityId: string;
  readonly refundId: string | null;
}

@Injectable()
export class PostingRepository {
  /** A journal that is there already is the same: journals do not change. */
  add(transaction: Transaction, events: readonly Event<Journal>[]): void {
    if (events.length === 0) return;
    transaction.write(
      `INSERT INTO posting (order_id, journal_id, facility_id, refund_id, correlation_id,
                            cost_recovery, facility, makers, state, beneficiaries, fees, shipping, tax, suspense)
       SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::bigint[], $7::bigint[],
                            $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
                            $14::bigint[]) AS posting (order_id, journal_id)
        ORDER BY order_id, journal_id
       ON CONFLICT DO NOTHING`,
      [
        events.map(({ data }) => data.orderId),
        events.map(({ data }) => data.journalId),
        events.map(({ data }) => data.facilityId),
        events.map(({ data }) => data.refundId),
        events.map(({ correlationId }) => correlationId),
        events.map(({ data }) => data.totals.costRecovery),
        events.map(({ data }) => data.totals.facility),
        events.map(({ data }) => data.totals.makers),
        events.map(({ data }) => data.totals.state),
        events.map(({ data }) => data.totals.beneficiaries),
        events.map(({ data }) => data.totals.fees),
        events.map(({ data }) => data.totals.shipping),
        events.map(({ data }) => data.totals.tax),
        events.map(({ data }) => data.totals.suspense),
      ],
    );
  }

  async ofOrders(reader: Pick<Transaction, 'query'>, orderIds: readonly string[]): Promise<Posting[]> {
    return reader.query<Posting>(
      `SELECT order_id AS "orderId", journal_id AS "journalId", facility_id AS "facilityId", refund_id AS "refundId",
              cost_recovery AS "costRecovery", facility, makers, state, beneficiaries, fees, shipping, tax, suspense
         FROM posting WHERE order_id = ANY ($1::text[]) ORDER BY order_id, journal_id`,
      [orderIds],
    );
  }
}
