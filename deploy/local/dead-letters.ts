/** `npm run dead-letters`: what an operator does about messages that a service could not process (docs/OPERATING.md). */
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { authorizationOf } from '../identity/command-token.ts';
import { configuredPort, SERVICES, type Service } from './services.ts';

const USAGE = `Usage: npm run dead-letters -- SERVICE list [--all]
       npm run dead-letters -- SERVICE causes
       npm run dead-letters -- SERVICE show ID
       npm run dead-letters -- SERVICE redrive ID --reason WHY
       npm run dead-letters -- SERVICE redrive --cause CAUSE --reason WHY
       npm run dead-letters -- SERVICE discard ID --reason WHY
SERVICE is one of ${SERVICES.join(', ')}.`;

interface Letter {
  readonly id: string;
  readonly status: string;
  readonly cause: string;
  readonly buriedAt: string;
  readonly attempts: number;
  readonly message: { readonly topic: string; readonly key: string | { readonly base64: string } | null };
  readonly resolution: { readonly action: string; readonly by: string } | null;
}

process.exitCode = await run(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  return 1;
});

async function run(args: string[]): Promise<number> {
  const {
    values: { all, reason, cause },
    positionals: [service, action, id],
  } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      reason: { type: 'string' },
      cause: { type: 'string' },
    },
  });
  if (SERVICES.includes(service as Service)) {
    const call = caller(service as Service);
    if (action === 'list' && !id) return list(call, all);
    if (action === 'causes' && !id) return causes(call);
    if (action === 'redrive' && !id && cause && reason) {
      return show(await call('/redrives', { cause, reason }));
    }
    if (action === 'show' && id) return show(await call(`/${id}`));
    if ((action === 'redrive' || action === 'discard') && id && reason) {
      return show(await call(`/${id}/${action}`, { reason }));
    }
  }
  console.error(USAGE);
  return 2;
}

type Call = (path: string, body?: object) => Promise<unknown>;

/** Calls the service at `LEDGER_ADDRESS` and the like, else on this computer. */
function caller(service: Service): Call {
  const address = process.env[`${service.toUpperCase()}_ADDRESS`] ?? `http://127.0.0.1:${configuredPort(service)}`;
  const authorization = authorizationOf(service, 'operator-1');
  return async (path, body) => {
    const response = await fetch(`${address}/v1/dead-letters${path}`, {
      headers: { authorization: await authorization(), 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${service} answers ${response.status}: ${text}`);
    return JSON.parse(text);
  };
}

async function list(call: Call, all: boolean): Promise<number> {
  const table = new Table({ head: ['id', 'status', 'topic', 'key', 'since', 'tries', 'cause'] });
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page = (await call(`?all=${all}&limit=1000${cursor && `&cursor=${cursor}`}`)) as {
      items: Letter[];
      nextCursor?: string;
    };
    for (const { id, status, cause, buriedAt, attempts, message, resolution } of page.items) {
      const state = resolution ? `${resolution.action} by ${resolution.by}` : status;
      table.push([id, state, message.topic, keyOf(message.key), buriedAt, attempts, seen(cause.slice(0, 80))]);
    }
    cursor = page.nextCursor;
  }
  console.log(table.length > 0 ? table.toString() : 'No dead letters.');
  return 0;
}

async function causes(call: Call): Promise<number> {
  const { items } = (await call('/causes')) as { items: { cause: string; letters: number; since: string }[] };
  const table = new Table({ head: ['letters', 'since', 'cause'] });
  for (const { cause, letters, since } of items) table.push([letters, since, seen(cause)]);
  console.log(items.length > 0 ? table.toString() : 'No dead letters.');
  return 0;
}

function keyOf(key: Letter['message']['key']): string {
  if (key === null) return '';
  return seen((typeof key === 'string' ? key : `base64 ${key.base64}`).slice(0, 80));
}

/** Text of others: nothing in it moves the cursor or hides. */
function seen(text: string): string {
  return text.replaceAll(/\p{C}/gu, '\uFFFD');
}

function show(answer: unknown): number {
  console.log(JSON.stringify(answer, null, 2));
  return 0;
}
