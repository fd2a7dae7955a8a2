import { ApiProperty } from '@nestjs/swagger';
import { fault, Ordinal } from '#libs/contracts';
import { JsonList, Problem, Value } from '#libs/http';

import { columns, type Fields } from './columns.ts';
import type { Progress, Rejection, Results } from './import.repository.ts';

/** A checkout of as many lines as there can be still comes in one piece. */
const ROWS_MAX = 10_000;

export class ImportRowsDto {
  @Value(Ordinal, { description: 'number of the first of these rows in the file, from 1, the header not counted' })
  readonly firstRow!: number;

  @JsonList(
    { type: 'array', items: { oneOf: [{ type: 'string' }, { type: 'number' }], nullable: true } },
    {
      max: ROWS_MAX,
      description: `Cells in this order: ${columns.join(', ')}. The sale rows of an order come in one piece.`,
    },
  )
  readonly rows!: unknown[];
}

/** Rows of cells, by hand: one by one a decorator would take longer than all the rest. */
export function fieldsOf({ rows }: ImportRowsDto): Fields[] {
  for (const [index, row] of rows.entries()) {
    if (
      !Array.isArray(row) ||
      !row.every((field) => field === null || typeof field === 'string' || typeof field === 'number')
    ) {
      const errors = [
        {
          field: `rows.${index}`,
          ...fault('not-cells', 'must be a list of texts and numbers', 'harus berupa daftar teks dan angka'),
        },
      ];
      throw new Problem({ status: 400, title: 'Invalid request', errors });
    }
  }
  return rows as Fields[];
}

export class RowsReceivedView implements Pick<Progress, 'rowsReceived'> {
  @ApiProperty({ type: 'integer', description: 'Rows of the run that have been taken, from its first one on' })
  readonly rowsReceived!: number;
}

export class ImportProgressView implements Progress {
  @ApiProperty({ format: 'uuid' })
  readonly runId!: string;
  @ApiProperty({ type: String, format: 'date-time' })
  readonly startedAt!: Date;
  @ApiProperty({ type: 'integer' })
  readonly rowsReceived!: number;
  @ApiProperty({ type: 'integer', description: 'Rows whose order or refund is still on its way' })
  readonly rowsOpen!: number;
}

export class RejectedRowView implements Rejection {
  @ApiProperty({ type: 'integer', description: 'n-th data row of the file, from 1' })
  readonly row!: number;
  @ApiProperty()
  readonly channel!: string;
  @ApiProperty()
  readonly orderRef!: string;
  @ApiProperty()
  readonly lineRef!: string;
  @ApiProperty()
  readonly type!: string;
  @ApiProperty()
  readonly refundRef!: string;
  @ApiProperty({ example: 'out-of-stock' })
  readonly reason!: string;
  @ApiProperty({ example: 'line 2, sku 85123A' })
  readonly detail!: string;
}

export class RejectedRowPage {
  @ApiProperty({ type: [RejectedRowView] })
  readonly items!: RejectedRowView[];
  @ApiProperty({ required: false })
  readonly nextCursor?: string;
}

type Counts = Record<string, number>;

/** What came of a run: the last line of the import command, but for the seconds. Rows still open are not counted. */
export class ImportSummaryView {
  @ApiProperty({ type: Object, example: { read: 3, accepted: 1, duplicate: 1, rejected: { invalid: 1 } } })
  readonly rows!: { read: number; accepted: number; duplicate: number; rejected: Counts };
  @ApiProperty({ type: Object, example: { credited: 1, rejected: { invalid: 1 } } })
  readonly orders!: { credited: number; rejected: Counts };
  @ApiProperty({ type: Object, example: { posted: 0, rejected: {} } })
  readonly refunds!: { posted: number; rejected: Counts };
  @ApiProperty({ type: Object, example: { currency: 'IDR', gross: 100_000, refunded: 0 } })
  readonly money!: { currency: 'IDR'; gross: number; refunded: number } & Results['moved'];
}
