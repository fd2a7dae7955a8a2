import { ApiProperty } from '@nestjs/swagger';
import { FacilityId, Ordinal, StoreRef } from '#libs/contracts';
import { DecidedView, type Decision } from '#libs/decisions';
import { NestedList, Value } from '#libs/http';
import { ANY_STORE } from '../channels/listing.ts';
import type { Store } from './store.ts';

/** Of a channel. */
const STORES_MAX = 2_000;

class StoreDto {
  @Value(StoreRef, { optional: true, description: 'of the channel; without, or *: any, and what is of none' })
  readonly store?: string;

  @Value(FacilityId, { example: 'F1', description: 'bears what the channel takes of this store beside its orders' })
  readonly facilityId!: string;
}

export class StoreSetDto {
  @Value(Ordinal, { description: 'n-th set of this channel' })
  readonly version!: number;

  @NestedList(StoreDto, { min: 0, max: STORES_MAX, description: 'all of its stores' })
  readonly stores!: StoreDto[];
}

class StoreView implements Store {
  @ApiProperty({ description: `${ANY_STORE}: any, and what is of none` })
  readonly store!: string;
  @ApiProperty()
  readonly facilityId!: string;
}

export class StoreSetSummaryView extends DecidedView {
  @ApiProperty({ type: 'integer' })
  readonly version!: number;
  @ApiProperty({ enum: ['draft', 'approved', 'rejected', 'withdrawn'] })
  readonly status!: Decision['status'];
  @ApiProperty({ type: 'integer', description: 'how many stores it has' })
  readonly size!: number;
}

export class StoreSetView extends StoreSetSummaryView {
  @ApiProperty({ type: [StoreView] })
  readonly stores!: readonly Store[];
}
