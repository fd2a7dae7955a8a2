/** What the marketplaces of the fault tests sell: a few facilities, plenty of most goods and little of some. */
export const FACILITIES = Array.from({ length: 8 }, (_, index) => `facility-${index}`);

/** One lot that is never used up: who gets what of a sale is known before it is made. */
const PLENTY = 500_000_000;
/** Gone within minutes: many orders compete for the last pieces. Small lots, so that orders are served from two. */
const SCARCE_LOTS = 58;
const SCARCE_PIECES_A_LOT = 7;

const UNIT_COST = 3_333;
const MAKERS = [1, 2, 3];

export const skuOf = (facilityId: string): string => `${facilityId}-bag`;
export const scarceSkuOf = (facilityId: string): string => `${facilityId}-rarity`;

const PLENTIFUL = new Map(FACILITIES.map((facilityId) => [skuOf(facilityId), facilityId]));
const SCARCE = new Map(FACILITIES.map((facilityId) => [scarceSkuOf(facilityId), facilityId]));

export const isPlentiful = (sku: string): boolean => PLENTIFUL.has(sku);

/** Who makes it; undefined: no catalogue knows it. */
export const facilityOf = (sku: string): string | undefined => PLENTIFUL.get(sku) ?? SCARCE.get(sku);

/** What is taken from the lot of a good. */
export function portionOf(sku: string, quantity: number) {
  const contributions = MAKERS.map((number) => ({
    makerId: `${facilityOf(sku)}-m${number}`,
    weight: hoursOf(number),
  }));
  return { lotId: lotIdOf({ sku, index: 0 }), quantity, unitCost: UNIT_COST, measure: 'hours' as const, contributions };
}

/** Files for `POST /v1/imports` of the catalogue. */
export function catalogueFiles(): Record<string, string> {
  const lots = FACILITIES.flatMap((facilityId) => [
    { facilityId, sku: skuOf(facilityId), pieces: PLENTY, index: 0 },
    ...Array.from({ length: SCARCE_LOTS }, (_, index) => ({
      ...{ facilityId, sku: scarceSkuOf(facilityId), pieces: SCARCE_PIECES_A_LOT, index },
    })),
  ]);
  return {
    'facilities.csv': csv(
      'facility_id,name,type,class,region,timezone',
      FACILITIES.map((id) => `${id},Lapas ${id},lapas,IIB,Jawa Timur,Asia/Jakarta`),
    ),
    'makers.csv': csv(
      'maker_id,facility_id,registration_no,name,display_name,consent,is_child',
      FACILITIES.flatMap((facilityId) =>
        MAKERS.map((number) => `${facilityId}-m${number},${facilityId},R${number},Maker,Maker,true,false`),
      ),
    ),
    'products.csv': csv(
      'sku,facility_id,category,title_id,title_en,price',
      FACILITIES.flatMap((id) => [skuOf(id), scarceSkuOf(id)].map((sku) => `${sku},${id},craft,Tas,Bag,100000`)),
    ),
    'lots.csv': csv(
      'lot_id,sku,facility_id,quantity,unit_cost,made_on',
      lots.map(
        (lot) =>
          `${lotIdOf(lot)},${lot.sku},${lot.facilityId},${lot.pieces},${UNIT_COST},2026-01-0${1 + (lot.index % 9)}`,
      ),
    ),
    'contributions.csv': csv(
      'lot_id,maker_id,measure,value',
      lots.flatMap((lot) =>
        MAKERS.map((number) => `${lotIdOf(lot)},${lot.facilityId}-m${number},hours,${hoursOf(number)}`),
      ),
    ),
  };
}

const hoursOf = (maker: number): string => `${maker}.5`;
const lotIdOf = ({ sku, index }: { sku: string; index: number }): string => `${sku}-${index}`;
const csv = (header: string, rows: readonly string[]): string => [header, ...rows, ''].join('\n');
