import { Injectable } from '@nestjs/common';
import { fault } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { type ByPerson, decisionOf } from '#libs/decisions';
import { type FieldError, Problem } from '#libs/http';
import { ChannelRepository } from '../channels/channel.repository.ts';
import type { ChannelSet } from '../channels/channel-set.repository.ts';
import { ChannelSetsService } from '../channels/channel-sets.service.ts';
import { ANY_STORE } from '../channels/listing.ts';
import { ChargesService } from '../charges/charges.service.ts';
import type { StoreSetDto, StoreSetView } from './store.dto.ts';
import { StoreRepository } from './store.repository.ts';
import type { Store } from './store.ts';

/** Which facility bears what a channel takes or gives beside its orders. A set counts for what nobody bears yet, too. */
@Injectable()
export class StoresService extends ChannelSetsService<Store, StoreSetView> {
  constructor(
    database: Database,
    channels: ChannelRepository,
    private readonly stores: StoreRepository,
    private readonly charges: ChargesService,
  ) {
    super(database, channels, stores, 'Stores');
  }

  async draft(channelId: string, { by, version, stores }: ByPerson<StoreSetDto>): Promise<StoreSetView> {
    const rows = stores.map(({ store = ANY_STORE, facilityId }) => ({ store, facilityId }));
    const known = await this.stores.knownFacilities(
      this.database,
      rows.map(({ facilityId }) => facilityId),
    );
    requireSound(rows, known);
    return this.keep(channelId, version, rows, by);
  }

  protected override onApproved(transaction: Transaction, channelId: string): Promise<void> {
    return this.charges.attribute(transaction, channelId);
  }

  protected override viewOf({ channelId: _, rows, ...set }: ChannelSet<Store>): StoreSetView {
    return { ...set, stores: rows, status: decisionOf(set).status, size: rows.length };
  }
}

/** @throws Problem (400, 422), by field */
function requireSound(stores: readonly Store[], known: ReadonlySet<string>): void {
  const twice = stores.flatMap(({ store }, index): FieldError[] => {
    const isFirst = stores.findIndex((each) => each.store === store) === index;
    return isFirst
      ? []
      : [{ field: `stores.${index}.store`, ...fault('duplicate', 'must be there once', 'harus ada satu kali') }];
  });
  if (twice.length > 0) throw new Problem({ status: 400, title: 'Invalid request', errors: twice });
  const unknown = stores.flatMap(({ facilityId }, index): FieldError[] => {
    const words = ['is no facility that is known', 'bukan satuan kerja yang dikenal'] as const;
    return known.has(facilityId)
      ? []
      : [{ field: `stores.${index}.facilityId`, ...fault('unknown-facility', ...words) }];
  });
  if (unknown.length > 0) throw new Problem({ status: 422, title: 'Unknown facility', errors: unknown });
}
