import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROWS_AT_ONCE = 1_000;

/** Rejections keep what the contracts of their time know, as long as these allow; and end with their retention. */
export class KnownPartOfRejections1764000001200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX rejected_checkout_received_at ON rejected_checkout USING brin (received_at)');
    await runner.query(`COMMENT ON TABLE rejected_checkout IS 'What a marketplace sent and we could not take.'`);
    for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
      const rows: { rejection_id: string; content: unknown }[] = await runner.query(
        'SELECT rejection_id, content FROM rejected_checkout WHERE rejection_id > $1 ORDER BY rejection_id LIMIT $2',
        [after, ROWS_AT_ONCE],
      );
      const last = rows.at(-1);
      if (!last) return;
      await runner.query(
        `UPDATE rejected_checkout SET content = known.content
           FROM unnest($1::uuid[], $2::json[]) AS known (rejection_id, content)
          WHERE rejected_checkout.rejection_id = known.rejection_id`,
        [rows.map(({ rejection_id }) => rejection_id), rows.map(({ content }) => JSON.stringify(knownPart(content)))],
      );
      after = last.rejection_id;
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX rejected_checkout_received_at');
  }
}

const TEXTS: Readonly<Record<string, number>> = { channel: 40, orderRef: 100, lineRef: 100, refundRef: 100, sku: 100 };
const TIMES = ['placedAt', 'requestedAt'];
const NUMBERS = ['quantity', 'unitPrice', 'discount', 'tax', 'fees', 'shipping'];

function knownPart(content: unknown): Record<string, unknown> {
  const known: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(content ?? {})) {
    if (field === 'lines' && Array.isArray(value)) known[field] = value.slice(0, 2_000).map(knownPart);
    else if (typeof value === 'number') {
      if (field in TEXTS || NUMBERS.includes(field)) known[field] = value;
    } else if (typeof value !== 'string') continue;
    else if (field in TEXTS) known[field] = value.slice(0, TEXTS[field]);
    else if (TIMES.includes(field)) known[field] = value.slice(0, 40);
    else if (NUMBERS.includes(field) && /^[-+\d., eE]{1,40}$/.test(value)) known[field] = value;
  }
  return known;
}
