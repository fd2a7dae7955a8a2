import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { textKind } from '#libs/contracts';
import { Value } from '#libs/http';
import type { ListingChange } from '../channels/listing.ts';
import { ListingView } from './listing.dto.ts';

/** Of changes that are told one by one. */
export const CHANGES_MAX = 1_000;

export class ListingFileDto {
  @Value(
    textKind({}, () => undefined),
    { description: 'content of a CSV file: store, channel_sku, sku, fee_class' },
  )
  readonly csv!: string;
}

class ListingChangeView implements ListingChange {
  @ApiProperty({ enum: ['added', 'changed', 'removed'] })
  readonly change!: ListingChange['change'];

  @ApiProperty({ type: ListingView, nullable: true, description: 'null: it was not listed' })
  readonly before!: ListingView | null;

  @ApiProperty({ type: ListingView, nullable: true, description: 'null: it would not be listed any more' })
  readonly after!: ListingView | null;
}

export class ComparisonView {
  @ApiProperty({ type: 'integer', nullable: true, description: 'the approved set before it; null: there is none' })
  readonly against!: number | null;

  @ApiProperty()
  readonly added!: number;

  @ApiProperty()
  readonly changed!: number;

  @ApiProperty()
  readonly removed!: number;

  @ApiProperty({ description: 'how many are as before' })
  readonly same!: number;

  @ApiProperty({ type: [ListingChangeView], description: `the first ${CHANGES_MAX} that are not` })
  readonly items!: readonly ListingChange[];
}

export class ListingPage {
  @ApiProperty({ type: [ListingView], description: 'in the order of their set' })
  readonly items!: ListingView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
