import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FeeClass, Ordinal, oneOf, Sku, StoreRef, textKind } from '#libs/contracts';
import { DecidedView, type Decision } from '#libs/decisions';
import { NestedList, Parameter, Value } from '#libs/http';
import { ANY_STORE, type Listing } from '../channels/listing.ts';

/** Of a channel. */
export const LISTINGS_MAX = 20_000;

class ListingDto {
  @Value(StoreRef, { optional: true, description: 'of the channel; without, or *: any' })
  readonly store?: string;

  @Value(Sku, { example: 'SHP-88213', description: 'what the channel calls it' })
  readonly channelSku!: string;

  @Value(Sku, { example: 'TAS-KULIT-01', description: 'our SKU' })
  readonly sku!: string;

  @Value(FeeClass, { optional: true, example: 'A', description: 'by which the channel charges its fees' })
  readonly feeClass?: string;
}

export class ListingSetDto {
  @Value(Ordinal, { description: 'n-th set of this channel' })
  readonly version!: number;

  @NestedList(ListingDto, {
    ...{ min: 1, max: LISTINGS_MAX, optional: true },
    description: 'all that the channel sells; or `csv`',
  })
  readonly listings?: ListingDto[];

  @Value(
    textKind({}, () => undefined),
    { optional: true, description: 'content of a CSV file: store, channel_sku, sku, fee_class; or `listings`' },
  )
  readonly csv?: string;
}

const FORMATS = ['json', 'csv'] as const;

export class ListingSetQuery {
  @Parameter(oneOf(FORMATS), { optional: true, default: 'json' })
  readonly format: (typeof FORMATS)[number] = 'json';
}

export class ListingView implements Listing {
  @ApiProperty({ description: `${ANY_STORE}: any` })
  readonly store!: string;
  @ApiProperty()
  readonly channelSku!: string;
  @ApiProperty()
  readonly sku!: string;
  @ApiPropertyOptional()
  readonly feeClass?: string;
}

export class ListingSetSummaryView extends DecidedView {
  @ApiProperty({ type: 'integer' })
  readonly version!: number;
  @ApiProperty({ enum: ['draft', 'approved', 'rejected', 'withdrawn'] })
  readonly status!: Decision['status'];
  @ApiProperty({ type: 'integer', description: 'how many listings it has' })
  readonly size!: number;
}

export class ListingSetView extends ListingSetSummaryView {
  @ApiProperty({ type: [ListingView] })
  readonly listings!: readonly Listing[];
}
