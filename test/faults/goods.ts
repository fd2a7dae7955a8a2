/** What the marketplaces of the fault tests sell: a few facilities, plenty of most goods and little of some. */
export const FACILITIES = Array.from({ length: 8 }, (_, index) => `facility-${index}`);

const PLENTY = 500_000_000;
/** Gone within minutes: many orders compete for the last pieces. */
const SCARCE_PIECES = 400;

export const skuOf = (facilityId: string): string => `${facilityId}-bag`;
export const scarceSkuOf = (facilityId: string): string => `${facilityId}-rarity`;

/** Files for `POST /v1/imports` of the catalogue. The first lots are small, so that orders are served from two. */
export function catalogueFiles(): Record<string, string> {
  const makers = FACILITIES.flatMap((facilityId) => [1, 2, 3].map((number) => ({ facilityId, number })));
  const lots = FACILITIES.flatMap((facilityId) => [
    ...Array.from({ length: 20 }, (_, index) => ({ facilityId, sku: skuOf(facilityId), pieces: 7, index })),
    { facilityId, sku: skuOf(facilityId), pieces: PLENTY, index: 20 },
    { facilityId, sku: scarceSkuOf(facilityId), pieces: SCARCE_PIECES, index: 0 },
  ]);
  const lotIdOf = ({ sku, index }: { sku: string; index: number }): string => `${sku}-${index}`;
  return {
    'facilities.csv': csv(
      'facility_id,name,type,class,region,timezone',
      FACILITIES.map((id) => `${id},Lapas ${id},lapas,IIB,Jawa Timur,Asia/Jakarta`),
    ),
    'makers.csv': csv(
      'maker_id,facility_id,registration_no,name,display_name,consent,is_child',
      makers.map(
        ({ facilityId, number }) => `${facilityId}-m${number},${facilityId},R${number},Maker,Maker,true,false`,
      ),
    ),
    'products.csv': csv(
      'sku,facility_id,category,title_id,title_en,price',
      FACILITIES.flatMap((id) => [skuOf(id), scarceSkuOf(id)].map((sku) => `${sku},${id},craft,Tas,Bag,100000`)),
    ),
    'lots.csv': csv(
      'lot_id,sku,facility_id,quantity,unit_cost,made_on',
      lots.map(
        (lot) => `${lotIdOf(lot)},${lot.sku},${lot.facilityId},${lot.pieces},3333,2026-01-0${1 + (lot.index % 9)}`,
      ),
    ),
    'contributions.csv': csv(
      'lot_id,maker_id,measure,value',
      lots.flatMap((lot) =>
        [1, 2, 3].map((number) => `${lotIdOf(lot)},${lot.facilityId}-m${number},hours,${number}.5`),
      ),
    ),
  };
}

const csv = (header: string, rows: readonly string[]): string => [header, ...rows, ''].join('\n');
