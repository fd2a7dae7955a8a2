/** What the benchmark's marketplace sells. */
import { checkoutCompleted } from '#libs/contracts';
import { KafkaBroker, newEvent, newId, toMessage } from '#libs/messaging/kafka';
import { signedFetch } from '../kit/sign-in.ts';
import type { Subject } from './subject.ts';

const FACILITIES = 40;
const PRODUCTS_PER_FACILITY = 5;
const MAKERS_PER_FACILITY = 20;

/** One sale of one line a checkout: the smallest unit, so the most messages a rupiah. */
export function checkoutOf(number: number, placedAt = new Date()) {
  const facility = number % FACILITIES;
  const product = Math.floor(number / FACILITIES) % PRODUCTS_PER_FACILITY;
  return newEvent(
    checkoutCompleted,
    {
      channel: 'blanja',
      orderRef: `BENCH-${number}`,
      placedAt: placedAt.toISOString(),
      lines: [{ lineRef: '1', sku: `SKU-${facility}-${product}`, quantity: 1 + (number % 3), unitPrice: 125_001 }],
    },
    { correlationId: newId() },
  );
}

/** Sends checkouts, each another one. */
export class Marketplace {
  sent = 0;
  readonly #publisher;

  readonly #topic;

  constructor({ marketplace, checkoutTopic }: Subject) {
    this.#publisher = new KafkaBroker('bench', marketplace).publisher();
    this.#topic = checkoutTopic;
  }

  publish(count: number, placedAt?: Date): Promise<void> {
    return this.#publisher.publish(
      Array.from({ length: count }, () => ({ ...toMessage(checkoutOf(this.sent++, placedAt)), topic: this.#topic })),
    );
  }

  close(): Promise<void> {
    return this.#publisher.close();
  }
}

export async function loadCatalogue(catalogue: string): Promise<void> {
  const facilities = Array.from({ length: FACILITIES }, (_, facility) => facility);
  const products = facilities.flatMap((facility) =>
    Array.from({ length: PRODUCTS_PER_FACILITY }, (_, product) => ({ facility, sku: `SKU-${facility}-${product}` })),
  );
  const files = {
    'facilities.csv': csv(
      'facility_id,name,type,class,region,timezone',
      facilities.map((facility) => `F${facility},Lapas Contoh ${facility},lapas,IIB,Jawa Timur,Asia/Jakarta`),
    ),
    'makers.csv': csv(
      'maker_id,facility_id,registration_no,name,display_name,consent,is_child',
      facilities.flatMap((facility) =>
        Array.from(
          { length: MAKERS_PER_FACILITY },
          (_, maker) => `M-${facility}-${maker},F${facility},CONTOH-${facility}-${maker},Contoh,Perajin,true,false`,
        ),
      ),
    ),
    'products.csv': csv(
      'sku,facility_id,category,title_id,title_en,price',
      products.map(({ facility, sku }) => `${sku},F${facility},craft,Kerajinan,Craft,125001`),
    ),
    'lots.csv': csv(
      'lot_id,sku,facility_id,quantity,unit_cost,made_on',
      products.map(({ facility, sku }) => `L-${sku},${sku},F${facility},900000000,40000,2026-01-05`),
    ),
    'contributions.csv': csv(
      'lot_id,maker_id,measure,value',
      products.flatMap(({ facility, sku }, index) =>
        [0, 7, 13].map((step) => `L-${sku},M-${facility}-${(index + step) % MAKERS_PER_FACILITY},hours,${step + 2.5}`),
      ),
    ),
  };
  const response = await signedFetch(`${catalogue}/v1/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ files, dryRun: false }),
  });
  if (!response.ok) throw new Error(`catalogue refused the benchmark's goods: ${await response.text()}`);
}

const csv = (header: string, rows: string[]): string => `${[header, ...rows].join('\n')}\n`;
