import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { inSnapshot } from '../../books/snapshot.repository.ts';
import { AskedFacilitiesRepository } from '../asked-facilities.repository.ts';
import type { TotalQuery, TotalsView } from './total.dto.ts';
import { TotalRepository } from './total.repository.ts';

/** What of a sale is not any one maker's. */
const nobodysOwn = {
  ...{ units: null, sold: null, refunded: null, fees: null, shipping: null, tax: null, cost: null, facility: null },
  ...{ state: null, beneficiaries: null, suspense: null },
};

/** What was sold and who got it, as it is added up. */
@Injectable()
export class TotalsService {
  constructor(
    private readonly database: Database,
    private readonly totals: TotalRepository,
    private readonly facilities: AskedFacilitiesRepository,
  ) {}

  async of({ by, facilityId, region, from, to, order, limit }: TotalQuery): Promise<TotalsView> {
    const asked = { facilities: await this.facilities.find({ facilityId, region }), from, to };
    return inSnapshot(this.database, async (snapshot) => {
      const rows = await this.totals.by(snapshot, by, asked, { order, limit });
      return {
        items: rows.map(({ count: _, ...item }) => (by === 'maker' ? { ...item, ...nobodysOwn } : item)),
        count: rows[0]?.count ?? 0,
        totals: await this.totals.all(snapshot, asked),
        asOf: await this.totals.asOf(snapshot, asked.facilities),
      };
    });
  }
}
