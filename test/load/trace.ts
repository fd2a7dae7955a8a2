/** `npm run trace -- [CHECKOUT]`: which source files of the ledger one sale passes, told by the engine that ran them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadCatalogue, Marketplace } from './goods.ts';
import { startSubject, THIS_CHECKOUT } from './subject.ts';
import { Timeline } from './timeline.ts';

const INSPECTOR_PORT = 9229;
/** What follows from a sale, such as the feed of the books, is under way when it is credited. */
const AFTER_MS = 1_000;
/** Each facility of the benchmark's marketplace has one, so what is made once is made. */
const SALES_BEFORE = 80;

/** V8's own count of calls, by function. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

const checkout = process.argv[2] ?? THIS_CHECKOUT;
const subject = await startSubject(checkout, () => {});
try {
  await loadCatalogue(subject.addresses.catalogue);
  const [marketplace, timeline] = [new Marketplace(subject), new Timeline(subject)];
  await timeline.connect();
  const sell = async (count: number) => {
    const wanted = (await timeline.credited()) + count;
    await marketplace.publish(count);
    while ((await timeline.credited()) < wanted) await sleep(50);
  };
  await sell(SALES_BEFORE);

  const inspector = await inspect(subject.processes.ledger);
  await inspector.ask('Profiler.enable');
  await inspector.ask('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await inspector.ask('Profiler.takePreciseCoverage'); // counts begin anew
  await sell(1);
  await sleep(AFTER_MS);
  const files = filesOf(await inspector.ask<Coverage>('Profiler.takePreciseCoverage'));
  console.log(files.join('\n'));
  const ofLedger = files.filter((file) => file.startsWith('services/'));
  console.log(`${ofLedger.length} files of the ledger, ${files.length - ofLedger.length} of libraries`);
  inspector.close();
  await Promise.all([marketplace.close(), timeline.close()]);
} finally {
  await subject.stop();
}

/** Ours, in which a function was called; a module's own body runs when it is loaded. */
function filesOf({ result }: Coverage): string[] {
  return result
    .filter(({ functions }) => functions.some(({ functionName, ranges }) => functionName !== '' && ranges[0]?.count))
    .flatMap(({ url }) => /\/dist\/((?:services|libs)\/.+)\.js$/.exec(url)?.[1] ?? [])
    .map((path) => `${path}.ts`)
    .sort();
}

/** The inspector of a process, which a signal opens. */
async function inspect(pid: number) {
  process.kill(pid, 'SIGUSR1');
  let targets: { webSocketDebuggerUrl: string }[] | undefined;
  while (!targets) {
    await sleep(50);
    targets = await fetch(`http://127.0.0.1:${INSPECTOR_PORT}/json/list`).then(
      (answer) => answer.json() as Promise<NonNullable<typeof targets>>,
      () => undefined,
    );
  }
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '');
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  let asked = 0;
  const ask = <Answer>(method: string, params = {}): Promise<Answer> => {
    asked += 1;
    const id = asked;
    return new Promise((resolve) => {
      const listen = ({ data }: MessageEvent) => {
        const answer = JSON.parse(String(data));
        if (answer.id !== id) return;
        socket.removeEventListener('message', listen);
        resolve(answer.result);
      };
      socket.addEventListener('message', listen);
      socket.send(JSON.stringify({ id, method, params }));
    });
  };
  return { ask, close: () => socket.close() };
}
