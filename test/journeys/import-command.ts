/** `npm run import`, as people call it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { commandToken } from '../kit/sign-in.ts';
import { address } from './stack.ts';

type What = 'catalogue' | 'orders' | 'settlements';

/** The last line that the command prints, as JSON. */
export async function importFiles<Result>(what: What, path: string, ...options: string[]): Promise<Result> {
  return resultOf((await importing(what, path, ...options)).stdout);
}

/** The same of a command that exits with another code than 0, with what it says. */
export async function importWithExit<Result>(what: What, path: string) {
  const failed = await importing(what, path).catch((error) => error);
  const { code = 0, stdout, stderr } = failed as { code?: number; stdout: string; stderr: string };
  return { code, stderr, result: resultOf<Result>(stdout) };
}

async function importing(what: What, path: string, ...options: string[]) {
  const addresses = {
    CATALOGUE_ADDRESS: address('catalogue'),
    ORDERS_ADDRESS: address('orders'),
    PAYMENTS_ADDRESS: address('payments'),
  };
  return promisify(execFile)(
    process.execPath,
    ['--conditions=source', 'deploy/local/import.ts', what, path, ...options],
    { env: { ...process.env, ...addresses, ...(await commandToken()) } },
  );
}

function resultOf<Result>(stdout: string): Result {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}
