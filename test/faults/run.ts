/**
 * `npm run faults -- --minutes 30 --seed 1 [--brokers 3] [--database ha|ha-asynchronous|backed-up] [--upgrade REVISION]...
 * [--fault TEXT] [--rate 60] [--write]`: random faults under traffic, round after round. Prints each round and at the end the
 * table of docs/RELIABILITY.md; `--write` puts it there.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { missingPrograms } from '../../deploy/ha/programs.ts';
import { buildIfStale } from '../../deploy/local/build.ts';
import { writeBetween } from '../kit/page.ts';
import { builtRelease } from '../upgrade/release.ts';
import { FAILOVERS } from './failovers.ts';
import { FAULTS, type Fault, NOTHING } from './faults.ts';
import { randomOf } from './random.ts';
import { RESTORES } from './restores.ts';
import type { Round } from './round.ts';
import { runRound } from './round.ts';
import { LOGS_DIRECTORY, type OpenStage, openStage } from './stage.ts';
import { upgradesFrom } from './upgrades.ts';

/** By `--database`: what can happen to it. */
const FAULTS_OF = { single: FAULTS, ha: FAILOVERS, 'ha-asynchronous': FAILOVERS, 'backed-up': RESTORES };

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    brokers: { type: 'string', default: '1' },
    database: { type: 'string', default: 'single' },
    upgrade: { type: 'string', multiple: true, default: [] as string[] }, // from these releases to this one, instead of faults
    fault: { type: 'string', default: '' },
    rate: { type: 'string', default: '60' }, // checkouts a second
    write: { type: 'boolean', default: false },
  },
});
const brokerCount = values.brokers === '3' ? 3 : 1;
const log = (line: string): void => console.error(line);
/** Of three brokers it is their loss that is new. */
const wanted = values.fault || (brokerCount === 3 ? 'broker' : '');
const database = values.database as keyof typeof FAULTS_OF;
/** Where the release is that runs before, built. */
const releases = new Map<Fault, string>();
for (const revision of values.upgrade) {
  const directory = await builtRelease(revision, log);
  for (const upgrade of upgradesFrom(revision, directory)) releases.set(upgrade, directory);
}
const possible = releases.size > 0 ? [...releases.keys()] : FAULTS_OF[database];
if (!possible) throw new Error(`--database is one of ${Object.keys(FAULTS_OF)}`);
const faults = possible.filter((fault) => fault.name.includes(wanted) || (fault === NOTHING && !values.fault));
if (faults.length === 0) throw new Error(`no fault is called "${values.fault}"`);

const missing = database === 'single' ? undefined : missingPrograms();
if (missing) {
  console.error(missing);
  process.exit(2);
}
await buildIfStale(log);
let stage: OpenStage | undefined;
const rounds: Round[] = [];
const random = randomOf(Number(values.seed));
const until = performance.now() + Number(values.minutes) * 60_000;
try {
  while (performance.now() < until) {
    const fault = nextFault();
    const name = `s${values.seed}r${rounds.length + 1}`;
    if (releases.has(fault)) {
      await stage?.close(); // a release is exchanged once
      stage = undefined;
    }
    stage ??= await openStageOf(fault);
    const started = performance.now();
    const round = await runRound(stage, fault, name, random.whole(0, 2 ** 31));
    rounds.push(round);
    const seconds = ((performance.now() - started) / 1_000).toFixed(0);
    log(
      `${name.padEnd(8)} ${fault.name.padEnd(52)} ${round.checkouts} checkouts, ${round.sales} sales, ` +
        `${round.foreign} foreign messages, ${round.duplicates} duplicates, flowing again after ${said(round.recoveryMs)} (${said(round.outageMs)} from the ` +
        `fault; ${seconds} s in all)`,
    );
    for (const violation of round.violations) log(`         VIOLATED: ${violation}`);
  }
} catch (error) {
  log(`A round could not be played to its end: ${(error as Error).stack}`);
  process.exitCode = 1;
} finally {
  await stage?.close();
  log(`The logs are in ${LOGS_DIRECTORY}`);
}

const table = tableOf(rounds);
console.log(table);
if (values.write) writeBetween('RELIABILITY', placeOfTable(), `${madeBy()}\n\n${table}`);
process.exit(rounds.some(({ violations }) => violations.length > 0) ? 1 : process.exitCode);

function openStageOf(fault: Fault): Promise<OpenStage> {
  const ordersPerSecond = Number(values.rate);
  return openStage({ brokerCount, database, release: releases.get(fault), ordersPerSecond, log });
}

function placeOfTable(): string {
  if (releases.size > 0) return 'upgrade';
  return database === 'single' ? `${brokerCount} broker${brokerCount > 1 ? 's' : ''}` : database;
}

/** Each fault once in random order, then again: rare ones are not left to chance. */
function nextFault(): Fault {
  const turn = rounds.length % faults.length;
  if (turn === 0) shuffle(faults);
  return faults[turn] as Fault;
}

function shuffle(items: unknown[]): void {
  for (let index = items.length - 1; index > 0; index -= 1) {
    const other = random.whole(0, index);
    [items[index], items[other]] = [items[other], items[index]];
  }
}

function tableOf(rounds: readonly Round[]): string {
  const byFault = Map.groupBy(rounds, ({ fault }) => fault);
  const names = possible.map(({ name }) => name).filter((name) => byFault.has(name));
  const rows = [...names.map((name) => byFault.get(name) as Round[]), [...rounds]].map((group, index) => {
    const sum = (of: (round: Round) => number): number => group.reduce((total, round) => total + of(round), 0);
    const medianAndMax = (of: (round: Round) => number): string => {
      const times = group.map(of).sort((one, other) => one - other);
      return `${said(times[times.length >> 1] ?? 0)} / ${said(times.at(-1) ?? 0)}`;
    };
    const cells = [
      names[index] ?? 'all',
      group.length,
      sum(({ checkouts }) => checkouts),
      sum(({ foreign }) => foreign),
      sum(({ sales }) => sales),
      sum(({ duplicates }) => duplicates),
      sum(({ lost }) => lost),
      sum(({ double }) => double),
      sum(({ wrong }) => wrong),
      sum(({ violations }) => violations.length),
      sum(({ deadlocks }) => deadlocks),
      medianAndMax(({ recoveryMs }) => recoveryMs),
      medianAndMax(({ outageMs }) => outageMs),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const title =
    'fault | injected | checkouts | foreign messages | sales | duplicates left out | lost | double | wrong | violations | deadlocks | ' +
    'flows again, p50 / max | from the fault itself';
  return [`| ${title} |`, `|${title.replaceAll(/[^|]+/g, '---')}|`, ...rows].join('\n');
}

function said(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

function madeBy(): string {
  const upgrades = values.upgrade.map((revision) => ` --upgrade ${revision}`).join('');
  const subject = `${brokerCount === 3 ? ' --brokers 3' : ''}${database === 'single' ? '' : ` --database ${database}`}${upgrades}`;
  const options = `${subject}${values.fault && ` --fault '${values.fault}'`} --rate ${values.rate}`;
  return (
    `\`npm run faults -- --minutes ${values.minutes} --seed ${values.seed}${options}\`, ` +
    `${values.rate} checkouts a second, ${availableParallelism()} cores, ${new Date().toISOString().slice(0, 10)}:`
  );
}
