/** `npm test`: every check there is, one after another. A check that fails does not keep the later ones from running. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingPrograms } from '../deploy/ha/programs.ts';
import { buildIfStale, buildPagesIfStale } from '../deploy/local/build.ts';
import { PASINDO_DIRECTORY } from '../deploy/local/embedded.ts';
import { knownVulnerabilities } from './kit/components.ts';
import { isInstalled, PROGRAMS, type Program } from './kit/programs.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['libs', 'services', 'deploy', 'test'];
/** `N passed, N failed, N skipped`, for .ci/run. */
const COUNTS_FILE = join(PASINDO_DIRECTORY, 'test-counts');

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const PASSED: Counts = { passed: 1, failed: 0, skipped: 0 };
const FAILED: Counts = { passed: 0, failed: 1, skipped: 0 };

const checks: [name: string, run: () => Promise<Counts>][] = [
  ['build', build],
  ['types and style', () => atOnce(tool('tsc', '--project', '.'), style())],
  ['unit tests', () => jest('unit', availableParallelism())],
  ['integration tests', () => jest('integration', 2)], // each with a Kafka and a PostgreSQL of its own
  ['journeys and fuzz', () => atOnce(jest('journeys', 1), jest('fuzz', 1))],
  ['browser', () => jest('browser', 1)],
  ['faults', () => jest('faults', 1)],
];

mkdirSync(PASINDO_DIRECTORY, { recursive: true });
rmSync(COUNTS_FILE, { force: true });
const summary: string[] = [];
let total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const [name, run] of checks) {
  console.log(`\n=== ${name}`);
  const startedAt = Date.now();
  const counts = await run();
  total = together(total, counts);
  summary.push(`${name.padEnd(18)} ${said(counts).padEnd(30)} ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

console.log(`\n${summary.join('\n')}`);
for (const program of Object.keys(PROGRAMS) as Program[]) {
  if (!isInstalled(program)) console.log(`Not checked: ${PROGRAMS[program]}. Install ${program} to check it.`);
}
const missing = missingPrograms();
if (missing) console.log(`Not checked: that a standby takes the place of a PostgreSQL that is lost. ${missing}`);
console.log(await knownVulnerabilities());
writeFileSync(COUNTS_FILE, `${said(total)}\n`);
console.log(total.failed === 0 ? `Everything passed: ${said(total)}.` : `Something failed: ${said(total)}.`);
process.exitCode = total.failed === 0 ? 0 : 1;

function together(some: Counts, more: Counts): Counts {
  return {
    passed: some.passed + more.passed,
    failed: some.failed + more.failed,
    skipped: some.skipped + more.skipped,
  };
}

function said({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

async function build(): Promise<Counts> {
  try {
    await Promise.all([buildIfStale(console.log), buildPagesIfStale(console.log)]);
    return PASSED;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return FAILED;
  }
}

/** Types of the pages, lint and format, layers, dead code: together they take as long as the types of all else. */
function style(): Promise<Counts> {
  return inTurn(
    () => tool('tsc', '--project', 'services/portal/web'),
    () => tool('biome', 'check', '--error-on-warnings'),
    () => tool('depcruise', '--config', '.dependency-cruiser.js', ...SOURCES),
    () => tool('knip'),
  );
}

async function inTurn(...steps: (() => Promise<Counts>)[]): Promise<Counts> {
  const counts: Counts[] = [];
  for (const step of steps) counts.push(await step());
  return counts.reduce(together);
}

async function tool(command: string, ...args: string[]): Promise<Counts> {
  return (await run(command, args)) === 0 ? PASSED : FAILED;
}

/** What needs one processor, or waits for two fifths of its time as tests over a real Kafka do. */
async function atOnce(...runs: Promise<Counts>[]): Promise<Counts> {
  return (await Promise.all(runs)).reduce(together);
}

/** A project of jest.config.js. Its tests are counted; a file that cannot run, or a run of nothing, is a failure too. */
async function jest(project: string, workers: number): Promise<Counts> {
  const report = join(PASINDO_DIRECTORY, `jest-${project}.json`);
  rmSync(report, { force: true });
  const exitCode = await run('node', [
    '--conditions=source',
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning', // of --experimental-vm-modules
    join(ROOT, 'node_modules/jest/bin/jest.js'),
    `--selectProjects=${project}`,
    `--maxWorkers=${workers}`,
    '--json',
    `--outputFile=${report}`,
  ]);
  const counts = countsOf(report);
  if (exitCode !== 0 && counts.failed === 0) console.error(`Nothing failed, but Jest ended with ${exitCode}`);
  return counts;
}

/** Jest writes it when all has run and everything that was started is stopped. */
function countsOf(report: string): Counts {
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return {
      passed: result.numPassedTests,
      failed: result.success && result.numPassedTests > 0 ? failed : Math.max(failed, 1),
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } catch {
    return FAILED; // it ended before it could report, and has said why
  }
}

/** @returns its exit code; else the signal that ended it, or 1 when it could not be started */
function run(command: string, args: string[]): Promise<number | NodeJS.Signals> {
  const path = `${join(ROOT, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`;
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 1));
  });
}
