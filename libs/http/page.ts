import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { Problem } from './problem.ts';

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;

/** Query of a list: pages by cursor stay right while rows are added. */
export class PageQuery {
  @ApiPropertyOptional({ description: '`nextCursor` of the page before' })
  @IsOptional()
  @IsString()
  cursor?: string;

  @ApiPropertyOptional({
    minimum: 1,
    maximum: LIMIT_MAX,
    default: LIMIT_DEFAULT,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(LIMIT_MAX)
  limit: number = LIMIT_DEFAULT;
}

export interface Page<Item> {
  readonly items: Item[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/** A page from `limit + 1` rows in order; `positionOf` says after which position the next page begins. */
export function pageOf<Item>(rows: readonly Item[], limit: number, positionOf: (row: Item) => string): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, nextCursor: encodeCursor(positionOf(last)) } : { items };
}

/** The position of a cursor that pageOf made; undefined without one. Throws a problem if it is none of ours. */
export function decodeCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const position = Buffer.from(cursor, 'base64url').toString();
  if (encodeCursor(position) !== cursor) {
    throw new Problem({
      status: 400,
      title: 'Invalid request',
      errors: [{ field: 'cursor', message: 'is not a cursor of this list' }],
    });
  }
  return position;
}

function encodeCursor(position: string): string {
  return Buffer.from(position).toString('base64url');
}
