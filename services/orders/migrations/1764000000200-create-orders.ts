import type { MigrationInterface, QueryRunner } from 'typeorm';

/** References are compared by their bytes: the same everywhere, and faster than by a language's rules. */
export class CreateOrders1764000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE channel (
        channel_id text COLLATE "C" PRIMARY KEY,
        name       text NOT NULL,
        payment    text NOT NULL CHECK (payment IN ('escrow', 'gateway')),
        return_window_days int CHECK (return_window_days >= 0)
      );
      COMMENT ON COLUMN channel.return_window_days IS 'null: the channel reports settlements, and these release its sales';
      INSERT INTO channel VALUES
        ('blanja', 'Blanja', 'escrow', NULL),
        ('toko-sandbox', 'Toko (sandbox gateway)', 'gateway', 7);

      CREATE TABLE order_process (
        order_id text COLLATE "C" PRIMARY KEY,
        state    jsonb NOT NULL,
        status   text COLLATE "C" NOT NULL GENERATED ALWAYS AS (state ->> 'status') STORED,
        reason   text COLLATE "C" GENERATED ALWAYS AS (state ->> 'reason') STORED,
        open     boolean NOT NULL
      ) WITH (fillfactor = 60);
      CREATE INDEX order_process_open ON order_process (order_id) WHERE open;
      CREATE INDEX order_process_reason ON order_process (reason, order_id) WHERE reason IS NOT NULL;
      COMMENT ON TABLE order_process IS 'Where each order stands: small, and the only thing about it that changes.';
      COMMENT ON COLUMN order_process.open IS 'something is still to come: the outcome of the order or of a refund';

      CREATE TABLE "order" (
        order_id       text COLLATE "C" PRIMARY KEY,
        content_hash   bytea NOT NULL,
        placed_at      timestamptz,
        payment        text,
        amount         bigint CHECK (amount >= 0),
        lines          jsonb,
        release_at     timestamptz,
        correlation_id uuid NOT NULL,
        received_at    timestamptz NOT NULL DEFAULT now(),
        CHECK (num_nulls(placed_at, payment, amount, lines) IN (0, 4))
      );
      COMMENT ON TABLE "order" IS 'What was bought. Never changed once it is valid. Amounts in whole rupiah.';
      COMMENT ON COLUMN "order".lines IS 'null: the checkout broke a rule; a corrected one may take its place';

      CREATE TABLE reservation (
        order_id text COLLATE "C" PRIMARY KEY,
        lines    jsonb NOT NULL
      );
      COMMENT ON TABLE reservation IS 'From which lots an order is served, as the catalogue said it.';

      CREATE TABLE settlement (
        settlement_id text COLLATE "C" PRIMARY KEY,
        order_id      text COLLATE "C" NOT NULL,
        content       jsonb NOT NULL
      );
      CREATE INDEX settlement_by_order ON settlement (order_id);
      COMMENT ON TABLE settlement IS 'What channels paid out and kept, as payments said it.';

      CREATE TABLE posting (
        order_id       text COLLATE "C" NOT NULL,
        journal_id     uuid NOT NULL,
        facility_id    text COLLATE "C" NOT NULL,
        refund_id      text COLLATE "C",
        correlation_id uuid NOT NULL,
        cost_recovery  bigint NOT NULL,
        facility       bigint NOT NULL,
        makers         bigint NOT NULL,
        state          bigint NOT NULL,
        beneficiaries  bigint NOT NULL,
        fees           bigint NOT NULL,
        shipping       bigint NOT NULL,
        tax            bigint NOT NULL,
        suspense       bigint NOT NULL,
        PRIMARY KEY (order_id, journal_id)
      );
      COMMENT ON TABLE posting IS 'What the ledger booked for a sale, or took back for a refund, by kind of payee.';

      CREATE TABLE rejected_checkout (
        rejection_id uuid PRIMARY KEY,
        order_id     text COLLATE "C" NOT NULL,
        type         text NOT NULL,
        reason       text NOT NULL CHECK (reason IN ('invalid', 'conflict')),
        detail       text NOT NULL,
        content      json NOT NULL,
        received_at  timestamptz NOT NULL DEFAULT now()
      );
      COMMENT ON TABLE rejected_checkout IS 'What a marketplace sent and we could not take, as it came.';

      CREATE TABLE import_run (
        run_id        uuid PRIMARY KEY,
        rows_received int NOT NULL DEFAULT 0,
        started_at    timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE import_span (
        run_id     uuid NOT NULL,
        first_row  int NOT NULL,
        channel    text COLLATE "C" NOT NULL,
        order_ref  text COLLATE "C" NOT NULL,
        order_id   text COLLATE "C" NOT NULL GENERATED ALWAYS AS (channel || '/' || order_ref) STORED,
        line_refs  text[] NOT NULL,
        type       text NOT NULL,
        refund_ref text COLLATE "C" NOT NULL,
        reason     text,
        detail     text,
        PRIMARY KEY (run_id, first_row)
      );
      COMMENT ON TABLE import_span IS 'Consecutive rows of an imported file that share one fate, one line_ref a row.';
      COMMENT ON COLUMN import_span.reason IS 'null: taken, the fate is that of the order or refund';

      CREATE VIEW import_fate AS
      SELECT span.run_id, span.first_row, span.order_id, span.channel, span.order_ref, span.line_refs, span.type,
             span.refund_ref, cardinality(span.line_refs) AS rows,
             CASE WHEN span.reason IS NOT NULL THEN span.reason
                  WHEN span.type = 'refund' THEN refund ->> 'reason'
                  ELSE process.reason
             END AS reason,
             coalesce(span.detail, CASE WHEN span.type <> 'refund' THEN process.state ->> 'detail' END) AS detail,
             (refund ->> 'amount')::bigint AS refund_amount,
             span.reason IS NULL OR span.reason = 'invalid' AS is_news,
             process.open AS undecided,
             coalesce(span.reason, 'duplicate') = 'duplicate' AND coalesce(
               CASE WHEN span.type = 'refund' THEN refund ->> 'status' IN ('waiting', 'requested', 'returned')
                    ELSE process.status IN ('placed', 'paid')
               END, false) AS open
        FROM import_span AS span
        LEFT JOIN order_process AS process USING (order_id)
        LEFT JOIN LATERAL jsonb_array_elements(process.state -> 'refunds') AS refund
               ON span.type = 'refund' AND refund ->> 'lineRef' = span.line_refs[1]
              AND refund ->> 'refundRef' = span.refund_ref;
      COMMENT ON VIEW import_fate IS 'What became of imported rows. open: may still change; undecided: cheap to look up.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP VIEW import_fate; DROP TABLE channel, order_process, "order", reservation, settlement, posting, rejected_checkout, import_run, import_span',
    );
  }
}
