import { Injectable } from '@nestjs/common';
import { Database, elevated } from '#libs/database';
import { PersonKeyRepository } from '../person-keys/person-key.repository.ts';
import { PersonalData } from '../person-keys/personal-data.ts';
import type { OfferView } from './feed.dto.ts';

interface Named {
  readonly sku: string;
  readonly maker_id: string;
  readonly sealed: Buffer;
}

@Injectable()
export class FeedRepository {
  constructor(
    private readonly database: Database,
    private readonly keys: PersonKeyRepository,
    private readonly personalData: PersonalData,
  ) {}

  /** Products by SKU, after the one given; null: all of these. What is for sale, and how much of it, everybody may know. */
  async list(after: string, limit: number | null): Promise<OfferView[]> {
    return elevated(async () => {
      const offers = await this.database.query<Omit<OfferView, 'madeBy'>>(
        `SELECT sku, facility_id AS "facilityId", facility.name AS "facilityName", category, title_id AS "titleId",
                title_en AS "titleEn", price,
                (SELECT coalesce(sum(available), 0) FROM lot WHERE lot.sku = product.sku) AS available
           FROM product JOIN facility USING (facility_id)
          WHERE sku > $1 ORDER BY sku LIMIT $2`,
        [after, limit],
      );
      const names = await this.#names(offers.map(({ sku }) => sku));
      return offers.map((offer) => ({ ...offer, madeBy: [...(names.get(offer.sku) ?? [])].sort() }));
    });
  }

  /** By SKU, of whoever made pieces that can be sold and has consented last. Of a child a consent counts for nothing. */
  async #names(skus: readonly string[]): Promise<Map<string, Set<string>>> {
    const named = await this.database.query<Named>(
      `SELECT DISTINCT sku, maker_id, sealed
         FROM lot JOIN contribution USING (facility_id, lot_id) JOIN maker_person USING (maker_id)
        WHERE sku = ANY ($1) AND available > 0 AND value > 0 AND NOT is_child
          AND (SELECT given FROM consent WHERE consent.maker_id = maker_person.maker_id ORDER BY number DESC LIMIT 1)`,
      [skus],
    );
    const { keys, erased } = await this.keys.of([...new Set(named.map(({ maker_id }) => maker_id))]);
    const names = new Map<string, Set<string>>(skus.map((sku) => [sku, new Set()]));
    for (const { sku, maker_id: makerId, sealed } of named) {
      if (erased.has(makerId)) continue;
      names.get(sku)?.add(this.personalData.open(makerId, sealed, keys.get(makerId)).identity.display_name);
    }
    return names;
  }
}
