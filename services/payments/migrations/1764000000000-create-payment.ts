import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePayment1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE payment (
        order_id       text PRIMARY KEY,
        method         text NOT NULL CHECK (method IN ('escrow', 'gateway')),
        amount         bigint NOT NULL CHECK (amount >= 0),
        status         text NOT NULL CHECK (status IN ('pending', 'captured', 'failed', 'expired', 'voided')),
        captured       bigint NOT NULL CHECK (captured IN (0, amount)),
        refunded       bigint NOT NULL CHECK (refunded BETWEEN 0 AND captured),
        placed_at      timestamptz NOT NULL,
        captured_at    timestamptz,
        correlation_id uuid NOT NULL
      );

      CREATE TABLE refund (
        refund_id      text PRIMARY KEY,
        order_id       text NOT NULL REFERENCES payment,
        amount         bigint NOT NULL CHECK (amount >= 0),
        status         text NOT NULL CHECK (status IN ('pending', 'refunded')),
        correlation_id uuid NOT NULL
      );
      CREATE INDEX refund_by_order ON refund (order_id);

      CREATE TABLE settlement (
        settlement_id text PRIMARY KEY,
        order_id      text NOT NULL REFERENCES payment,
        content       jsonb NOT NULL
      );
      CREATE INDEX settlement_by_order ON settlement (order_id);
      COMMENT ON TABLE settlement IS 'Lines of the channels'' reports: what each kept, and where the rest went.';

      CREATE TABLE disbursement (
        item_id        uuid PRIMARY KEY,
        payout_id      uuid NOT NULL,
        facility_id    text NOT NULL,
        bank           text NOT NULL,
        payee          text NOT NULL,
        amount         bigint NOT NULL CHECK (amount > 0),
        status         text NOT NULL CHECK (status IN ('pending', 'paid', 'failed')),
        reason         text CHECK ((reason IS NOT NULL) = (status = 'failed')),
        correlation_id uuid NOT NULL
      );
      CREATE INDEX disbursement_by_payout ON disbursement (payout_id);
      COMMENT ON TABLE disbursement IS 'Money that an approved payout asks to pay to a maker or beneficiary.';

      COMMENT ON TABLE payment IS 'The buyer''s money for one order. Amounts in whole rupiah.';
      COMMENT ON COLUMN payment.status IS 'What the order was told; captured and refunded say what moved.';
      COMMENT ON TABLE refund IS 'Money asked back for one order line; a cancelled order is returned whole, without one.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE disbursement; DROP TABLE settlement; DROP TABLE refund; DROP TABLE payment');
  }
}
