import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToVerify, secureRows } from '../../../libs/database/row-security.ts';

/** What was sold, and who got it, is added up once, behind posting, and not each time that somebody asks. */
export class CreateSalesTotal1764000002831 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(sums);
    await secureRows(runner, { sales_total: { grant: 'SELECT' }, sales_total_position: { grant: 'SELECT' } });
    await openToVerify(runner, ['sales_total', 'sales_total_position']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION sales_of_journals; DROP TABLE sales_total, sales_total_position');
  }
}

const tables = `
  CREATE TABLE sales_total (
    facility_id   text COLLATE "C" NOT NULL,
    dimension     text COLLATE "C" NOT NULL CHECK (dimension IN ('channel', 'sku', 'maker')),
    posted_on     date NOT NULL,
    key           text COLLATE "C" NOT NULL,
    sales         bigint NOT NULL,
    units         bigint NOT NULL,
    sold          bigint NOT NULL,
    refunded      bigint NOT NULL,
    fees          bigint NOT NULL,
    shipping      bigint NOT NULL,
    tax           bigint NOT NULL,
    cost          bigint NOT NULL,
    makers        bigint NOT NULL,
    facility      bigint NOT NULL,
    state         bigint NOT NULL,
    beneficiaries bigint NOT NULL,
    suspense      bigint NOT NULL,
    PRIMARY KEY (facility_id, dimension, posted_on, key)
  );
  COMMENT ON TABLE sales_total IS 'What sales, refunds and contributions recorded later have moved, of each facility and day by channel, by goods and by maker. Written behind posting (reports/totals), up to sales_total_position.';
  COMMENT ON COLUMN sales_total.sales IS 'Sales of the day; of goods and makers those that they are in.';
  COMMENT ON COLUMN sales_total.units IS 'Units sold.';
  COMMENT ON COLUMN sales_total.sold IS 'What buyers paid: all below together, and what was refunded.';
  COMMENT ON COLUMN sales_total.makers IS 'Credited less taken back, as all that follow; of a maker nothing else is his or her own.';

  CREATE TABLE sales_total_position (
    facility_id text COLLATE "C" PRIMARY KEY,
    number      bigint NOT NULL DEFAULT 0
  ) WITH (fillfactor = 50);
  COMMENT ON TABLE sales_total_position IS 'Up to which journal of each chain sales_total has added up. Who adds up for a facility holds its row.';
`;

/** One statement, of few journals or of all: who adds up and who verifies ask the same. */
const sums = `
  CREATE FUNCTION sales_of_journals(facilities text[], after_numbers bigint[], until_numbers bigint[])
  RETURNS SETOF sales_total STABLE LANGUAGE sql AS $$
    WITH journals AS MATERIALIZED (
      SELECT journal.facility_id, journal.posted_on, journal.journal_id, journal.kind, journal.source ->> 'lineRef' AS of_line,
             coalesce(sold.source, journal.source) AS sale
        FROM unnest(facilities, after_numbers, until_numbers) AS part (facility, after_number, until_number)
       CROSS JOIN LATERAL (SELECT * FROM journal
                            WHERE journal.facility_id = facility AND chain_number > after_number AND chain_number <= until_number
                              AND (kind IN ('sale', 'refund', 'contribution') OR (kind = 'adjustment' AND source -> 'lot' IS NOT NULL))
                           OFFSET 0) AS journal
        LEFT JOIN journal AS sold ON sold.journal_id = journal.reverses
    ), line AS (
      SELECT facility_id, posted_on, journal_id, kind, sale ->> 'channel' AS channel, sold."lineRef" AS line_ref, sku, quantity
        FROM journals CROSS JOIN LATERAL json_to_recordset(sale -> 'lines') AS sold ("lineRef" text, sku text, quantity bigint)
       WHERE kind = 'sale' OR sold."lineRef" = of_line
    ), credit AS MATERIALIZED (
      SELECT line.*, account.owner, account.purpose, -entry.amount AS gain
        FROM line
        LEFT JOIN LATERAL (SELECT account_id, amount FROM entry
                            WHERE entry.journal_id = line.journal_id AND entry.line_ref = line.line_ref OFFSET 0) AS entry ON true
        LEFT JOIN account ON account.account_id = entry.account_id
    ), of_line AS (
      SELECT facility_id, posted_on, journal_id, kind, channel, line_ref, sku, quantity,
             coalesce(sum(gain), 0) AS gain,
             coalesce(sum(gain) FILTER (WHERE purpose = 'fees'), 0) AS fees,
             coalesce(sum(gain) FILTER (WHERE purpose = 'shipping'), 0) AS shipping,
             coalesce(sum(gain) FILTER (WHERE purpose = 'vat-output'), 0) AS tax,
             coalesce(sum(gain) FILTER (WHERE purpose = 'cost-recovery'), 0) AS cost,
             coalesce(sum(gain) FILTER (WHERE starts_with(owner, 'maker:')), 0) AS makers,
             coalesce(sum(gain) FILTER (WHERE purpose IN ('earnings', 'earnings-pending')), 0) AS facility,
             coalesce(sum(gain) FILTER (WHERE purpose = 'pnbp'), 0) AS state,
             coalesce(sum(gain) FILTER (WHERE purpose = 'payable'), 0) AS beneficiaries,
             coalesce(sum(gain) FILTER (WHERE purpose = 'suspense'), 0) AS suspense
        FROM credit GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    )
    SELECT facility_id, CASE WHEN grouping(channel) = 0 THEN 'channel' ELSE 'sku' END, posted_on, coalesce(channel, sku),
           count(DISTINCT journal_id) FILTER (WHERE kind = 'sale'), coalesce(sum(quantity) FILTER (WHERE kind = 'sale'), 0)::bigint,
           coalesce(sum(gain) FILTER (WHERE kind = 'sale'), 0)::bigint,
           coalesce(-sum(gain) FILTER (WHERE kind = 'refund'), 0)::bigint,
           sum(fees)::bigint, sum(shipping)::bigint, sum(tax)::bigint, sum(cost)::bigint, sum(makers)::bigint,
           sum(facility)::bigint, sum(state)::bigint, sum(beneficiaries)::bigint, sum(suspense)::bigint
      FROM of_line GROUP BY GROUPING SETS ((facility_id, posted_on, channel), (facility_id, posted_on, sku))
    UNION ALL
    SELECT facility_id, 'maker', posted_on, substr(owner, length('maker:') + 1),
           count(DISTINCT journal_id) FILTER (WHERE kind = 'sale'), 0, 0, 0, 0, 0, 0, 0, sum(gain)::bigint, 0, 0, 0, 0
      FROM credit WHERE starts_with(owner, 'maker:') GROUP BY 1, 3, 4
  $$;
  COMMENT ON FUNCTION sales_of_journals IS 'What these journals add to sales_total: of each facility those after one number until another.';
`;
