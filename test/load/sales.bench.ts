/** Checkouts as a marketplace sends them, through every service, until the sale is credited and the order knows it. */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkoutCompleted } from '#libs/contracts';
import { connectKafka, KafkaPublisher, newEvent, newId, toMessage } from '#libs/messaging/kafka';
import { embeddedKafka, embeddedPostgres } from '../../deploy/local/embedded.ts';
import { freePort } from '../../deploy/local/ports.ts';
import { databaseUrl, ensureDatabase } from '../../deploy/local/postgres.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { forEachService, SERVICES, type Service } from '../../deploy/local/services.ts';
import { startServices } from '../../deploy/local/supervisor.ts';

const FACILITIES = 40;
const PRODUCTS_PER_FACILITY = 5;
const MAKERS_PER_FACILITY = 20;
const WARM_UP_SECONDS = 10;
const MEASURED_SECONDS = 60;
/** Enough to keep every house busy, few enough to stay a queue of seconds. */
const IN_FLIGHT_MAX = 4_000;
const PUBLISH_BATCH = 500;

export interface SalesPerSecond {
  perSecond: number;
  seconds: number;
  cores: number;
}

/** One sale of one line a checkout: the smallest unit, so the most messages a rupiah. */
export async function measureSales(log: (line: string) => void): Promise<SalesPerSecond> {
  const directory = temporaryDirectory();
  const postgres = await embeddedPostgres({ directory, log });
  const kafka = await embeddedKafka({ directory, log });
  for (const service of SERVICES) await ensureDatabase(postgres.url, service);
  const ports = {} as Record<Service, number>;
  for (const service of SERVICES) ports[service] = await freePort();
  const services = await startServices({
    infrastructure: {
      kafkaBrokers: kafka.brokers,
      databaseUrls: forEachService((service) => databaseUrl(postgres.url, service)),
    },
    ports,
    directory,
    log,
  });
  try {
    await loadCatalogue(services.addresses.catalogue);
    process.env.KAFKA_BROKERS = kafka.brokers;
    const publisher = new KafkaPublisher(connectKafka('bench'));
    const credited = () => creditedSales(services.addresses.orders);

    let sent = 0;
    let done = 0;
    const started = performance.now();
    const elapsed = () => (performance.now() - started) / 1000;
    let counted: { at: number; done: number } | undefined;
    let reported = 0;
    while (elapsed() < WARM_UP_SECONDS + MEASURED_SECONDS) {
      done = await credited();
      if (!counted && elapsed() > WARM_UP_SECONDS) counted = { at: elapsed(), done };
      if (elapsed() - reported > 5) {
        reported = elapsed();
        log(`${reported.toFixed(0).padStart(3)} s: ${sent} sent, ${done} credited`);
      }
      if (sent - done < IN_FLIGHT_MAX) {
        await publisher.publish(Array.from({ length: PUBLISH_BATCH }, () => toMessage(checkout(sent++))));
      } else await sleep(20);
    }
    done = await credited();
    if (!counted) throw new Error('not warm in time');
    const perSecond = Math.round((done - counted.done) / (elapsed() - counted.at));
    while ((await credited()) < sent) await sleep(100); // every checkout sent is credited, or this never ends
    await publisher.close();
    return { perSecond, seconds: MEASURED_SECONDS, cores: availableParallelism() };
  } finally {
    await services.stop();
    await Promise.all([kafka.stop(), postgres.stop()]);
  }
}

function checkout(number: number) {
  const facility = number % FACILITIES;
  const product = Math.floor(number / FACILITIES) % PRODUCTS_PER_FACILITY;
  return newEvent(
    checkoutCompleted,
    {
      channel: 'blanja',
      orderRef: `BENCH-${number}`,
      placedAt: new Date().toISOString(),
      lines: [{ lineRef: '1', sku: `SKU-${facility}-${product}`, quantity: 1 + (number % 3), unitPrice: 125_001 }],
    },
    { correlationId: newId() },
  );
}

async function creditedSales(orders: string): Promise<number> {
  const metrics = await (await fetch(`${orders}/metrics`)).text();
  const line = /^messaging_client_consumed_messages_total\{type="ledger\.sale-credited\.v1"\} (\d+)/m.exec(metrics);
  return Number(line?.[1] ?? 0);
}

async function loadCatalogue(catalogue: string): Promise<void> {
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
  const response = await fetch(`${catalogue}/v1/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ files, dryRun: false }),
  });
  if (!response.ok) throw new Error(`catalogue refused the benchmark's goods: ${await response.text()}`);
}

const csv = (header: string, rows: string[]): string => `${[header, ...rows].join('\n')}\n`;
