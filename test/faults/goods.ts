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
/** Sold from the beginning of a round, and recorded in the middle of it. */
export const lateSkuOf = (facilityId: string, round: string): string => `${facilityId}-late-${round}`;

const SKU = /^(facility-\d+)-(bag|rarity|late)/;

export const isPlentiful = (sku: string): boolean => SKU.test(sku) && SKU.exec(sku)?.[2] !== 'rarity';

/** Who makes it; undefined: no catalogue will ever know it. */
export const facilityOf = (sku: string): string | undefined => SKU.exec(sku)?.[1];

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
  const lots: Lot[] = FACILITIES.flatMap((facilityId) => [
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
    ...productFiles(lots),
  };
}

/** The same of some goods more, of each of which there is plenty. */
export function filesOf(skus: readonly string[]): Record<string, string> {
  return productFiles(skus.map((sku) => ({ facilityId: facilityOf(sku) ?? '', sku, pieces: PLENTY, index: 0 })));
}

interface Lot {
  readonly facilityId: string;
  readonly sku: string;
  readonly pieces: number;
  readonly index: number;
}

function productFiles(lots: readonly Lot[]): Record<string, string> {
  const products = new Map(lots.map(({ sku, facilityId }) => [sku, facilityId]));
  return {
    'products.csv': csv(
      'sku,facility_id,category,title_id,title_en,price',
      [...products].map(([sku, id]) => `${sku},${id},craft,Tas,Bag,100000`),
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
