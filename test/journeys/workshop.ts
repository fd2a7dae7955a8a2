/** A facility of a journey's own, so that journeys never meet: its goods, its makers, its accounts. */
import { randomUUID } from 'node:crypto';
import { post, read } from './stack.ts';

export interface Workshop {
  readonly facilityId: string;
  readonly sku: string;
  readonly lotId: string;
  readonly makerIds: readonly string[];
}

/**
 * Imports a facility with one product, one lot of it and its makers.
 * @param unitCost production cost of a piece, whole rupiah
 * @param hours what each maker worked on the lot; one maker per entry
 * @param lotId default: one that is made of the facility's
 */
export async function openWorkshop({
  stock,
  unitCost = 0,
  hours = [1],
  ...named
}: {
  stock: number;
  unitCost?: number;
  hours?: readonly number[];
  lotId?: string;
}): Promise<Workshop> {
  const facilityId = `lapas-${randomUUID().slice(0, 8)}`;
  const sku = `${facilityId}-bag`;
  const lotId = named.lotId ?? `${facilityId}-lot`;
  const makerIds = hours.map((_, index) => `${facilityId}-maker-${index + 1}`);
  const files = {
    'facilities.csv': csv('facility_id,name,type,class,region,timezone', [
      `${facilityId},Lapas of a journey,lapas,IIB,Jawa Timur,Asia/Jakarta`,
    ]),
    'makers.csv': csv(
      'maker_id,facility_id,registration_no,name,display_name,consent,is_child',
      makerIds.map((id, index) => `${id},${facilityId},R-${id},Maker ${index + 1},Maker ${index + 1},true,false`),
    ),
    'products.csv': csv('sku,facility_id,category,title_id,title_en,price', [
      `${sku},${facilityId},craft,Tas kulit,Leather bag,100000`,
    ]),
    'lots.csv': csv('lot_id,sku,facility_id,quantity,unit_cost,made_on', [
      `${lotId},${sku},${facilityId},${stock},${unitCost},2026-01-02`,
    ]),
    'contributions.csv': csv(
      'lot_id,maker_id,measure,value',
      makerIds.map((id, index) => `${lotId},${id},hours,${hours[index]}`),
    ),
  };
  const { status, body } = await post('catalogue', 'imports', { files, dryRun: false });
  if (status !== 200) throw new Error(`the workshop was not imported: ${status} ${JSON.stringify(body)}`);
  return { facilityId, sku, lotId, makerIds };
}

/** Pieces that no order has taken. */
export async function stockOf({ sku }: Workshop): Promise<number> {
  const { items } = await read<{ items: { available: number }[] }>('catalogue', `lots?sku=${encodeURIComponent(sku)}`);
  return items.reduce((sum, { available }) => sum + available, 0);
}

const csv = (header: string, rows: readonly string[]): string => [header, ...rows, ''].join('\n');
