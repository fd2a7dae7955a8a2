/** `npm run import`, as people call it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { commandToken } from '../kit/sign-in.ts';
import { address } from './stack.ts';

/** The last line that the command prints, as JSON. */
export async function importFiles<Result>(
  what: 'catalogue' | 'orders' | 'settlements',
  path: string,
  ...options: string[]
): Promise<Result> {
  const addresses = {
    CATALOGUE_ADDRESS: address('catalogue'),
    ORDERS_ADDRESS: address('orders'),
    PAYMENTS_ADDRESS: address('payments'),
  };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=source', 'deploy/local/import.ts', what, path, ...options],
    { env: { ...process.env, ...addresses, ...(await commandToken()) } },
  );
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}
