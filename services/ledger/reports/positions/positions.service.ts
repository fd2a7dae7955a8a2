import { Injectable } from '@nestjs/common';
import { StoredText } from '#libs/contracts';
import { Database, elevated } from '#libs/database';
import { decodeCursor, pageOf } from '#libs/http';
import { inSnapshot, type Snapshot } from '../../books/snapshot.repository.ts';
import { AskedFacilitiesRepository } from '../asked-facilities.repository.ts';
import type { PositionQuery, PositionsView } from './position.dto.ts';
import { PositionRepository } from './position.repository.ts';
import { noMakers, type Position, together } from './position.ts';

type Item = PositionsView['items'][number];

/** What is where, now: with channels and banks, of facilities, makers and the state. */
@Injectable()
export class PositionsService {
  constructor(
    private readonly database: Database,
    private readonly positions: PositionRepository,
    private readonly facilities: AskedFacilitiesRepository,
  ) {}

  async of({ by, facilityId, region, cursor, limit }: PositionQuery): Promise<PositionsView> {
    const after = decodeCursor(cursor, StoredText) ?? '';
    const asked = await this.facilities.find({ facilityId, region });
    // What a maker has is in the books of several facilities, and told where he or she is seated.
    return elevated(() =>
      inSnapshot(this.database, async (snapshot) => {
        const [now] = await snapshot.query<{ asOf: Date }>('SELECT now() AS "asOf"');
        const all = await this.#byFacility(snapshot, asked);
        const items = by === 'maker' ? await this.#ofMakers(snapshot, asked, after, limit) : grouped(by, all, after);
        return {
          ...pageOf(items, limit, ({ key }) => key ?? ''),
          totals: viewOf(together([...all.values()])),
          ...(now as { asOf: Date }),
        };
      }),
    );
  }

  async #byFacility(snapshot: Snapshot, facilities: readonly string[]): Promise<Map<string, FacilityAt>> {
    const own = await this.positions.ofFacilities(snapshot, facilities);
    const makers = await this.positions.ofMakers(snapshot, facilities);
    return new Map(
      [...own].map(([id, { region, ...figures }]) => [
        id,
        { region, own: figures, makers: makers.get(id) ?? noMakers },
      ]),
    );
  }

  async #ofMakers(snapshot: Snapshot, facilities: readonly string[], after: string, limit: number): Promise<Item[]> {
    const rows = await this.positions.byMaker(snapshot, facilities, after, limit + 1);
    return rows.map(({ makerId, facilityId, frozen, payee, ...makers }) => ({
      ...{ key: makerId, facilityId, frozen, payee, makers },
      ...{ channelHeld: null, bank: null, costRecovery: null, facility: null, suspense: null, pnbp: null },
    }));
  }
}

type FacilityAt = Position & { readonly region: string | null };

/** By key, those behind the last one of the page before; a region that nobody told comes first. */
function grouped(by: 'facility' | 'region', all: ReadonlyMap<string, FacilityAt>, after: string): Item[] {
  const groups = Map.groupBy(all, ([facilityId, { region }]) => (by === 'facility' ? facilityId : (region ?? '')));
  return [...groups]
    .filter(([key]) => after === '' || key > after)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, group]) => ({ key: key || null, ...viewOf(together(group.map(([, position]) => position))) }));
}

function viewOf({ own, makers }: Position): PositionsView['totals'] {
  const { channelHeld, bank, costRecovery, pending, available, suspense, owed, billed, since } = own;
  return {
    ...{ channelHeld, bank, costRecovery, facility: { pending, available }, makers, suspense },
    pnbp: { owed, billed, unbilled: owed - billed, since },
  };
}
