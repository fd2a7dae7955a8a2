/** `npm run import`: loads files into the running system. The work is done by the command of the service concerned. */
import { parseArgs } from 'node:util';
import { type Encoding, encodings } from '#libs/tables';
import { importCatalogue } from '../../services/catalogue/import/import.command.ts';
import { importOrders } from '../../services/orders/import/import.command.ts';
import { importSettlements } from '../../services/payments/settlements/files/import.command.ts';
import { authorizationOf } from '../identity/command-token.ts';
import { configuredPort, type Service } from './services.ts';

const USAGE = `Usage: npm run import -- catalogue DIR [--dry-run] [--encoding ENCODING]
       npm run import -- orders FILE [--encoding ENCODING]
       npm run import -- settlements FILE --channel CHANNEL [--store STORE] [--withdrawn-to BANK] [--dry-run] [--encoding ENCODING]

Files are CSV or XLSX. ENCODING of CSV files is utf-8, or windows-1252 where an older Windows program wrote them.`;

process.exitCode = await run(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  return 1;
});

async function run(args: string[]): Promise<number> {
  const {
    values: { 'dry-run': dryRun, encoding, channel, store, 'withdrawn-to': withdrawnTo },
    positionals: [what, path, ...more],
  } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      encoding: { type: 'string', default: 'utf-8' },
      channel: { type: 'string' },
      store: { type: 'string' },
      'withdrawn-to': { type: 'string' },
    },
  });
  if (path !== undefined && more.length === 0 && isEncoding(encoding)) {
    if (what === 'catalogue')
      return importCatalogue(path, {
        ...{ dryRun, encoding, address: addressOf('catalogue') },
        authorization: authorizationOf('catalogue', 'administrator'),
      });
    if (what === 'settlements' && channel !== undefined)
      return importSettlements(path, {
        ...{ channel, store, withdrawnTo, dryRun, encoding, address: addressOf('payments') },
        authorization: authorizationOf('payments', 'national-drafter'),
      });
    if (what === 'orders' && !dryRun)
      return importOrders(path, {
        ...{ encoding, address: addressOf('orders') },
        authorization: authorizationOf('orders', 'operator-1'),
      });
  }
  console.error(USAGE);
  return 2;
}

function isEncoding(name: string): name is Encoding {
  return encodings.some((encoding) => encoding === name);
}

/** `CATALOGUE_ADDRESS`, `ORDERS_ADDRESS`, `PAYMENTS_ADDRESS`; else this computer. */
function addressOf(service: Service): string {
  return process.env[`${service.toUpperCase()}_ADDRESS`] ?? `http://127.0.0.1:${configuredPort(service)}`;
}
