/**
 * `npm run faults:mutants [-- --only TEXT] [--write]`: breaks one guarantee at a time in a copy of the sources and runs
 * the test that must notice. A mutant that survives says that the guarantee is not tested. `--write` puts the table into
 * docs/RELIABILITY.md.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { PASINDO_DIRECTORY } from '../../deploy/local/embedded.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { writeBetween } from '../kit/page.ts';
import { MUTANTS, type Mutant } from './mutants.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['libs', 'services', 'deploy', 'test', 'docs'];
const SETTINGS = ['package.json', 'jest.config.js', '.swcrc', 'nest-cli.json', 'tsconfig.json'];
const COPIED = [...SOURCES, ...SETTINGS];

/** Each with a broker and a database of its own. */
const AT_ONCE = 2;
const TEST_DEADLINE_MS = 300_000;

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, write: { type: 'boolean', default: false } },
});
const chosen = MUTANTS.filter(({ breaks, file }) => `${breaks} ${file}`.includes(values.only));
/** Each test as it is without any mutant, one run for all tests of a file. */
const withoutMutant = new Map<string, Promise<Outcomes>>();
const outcomes = new Map<Mutant, string>();
const waiting = [...chosen];
await Promise.all(Array.from({ length: AT_ONCE }, work));

const survivors = chosen.filter((mutant) => outcomes.get(mutant) !== 'killed').length;
const verdict =
  survivors === 0 ? `All ${chosen.length} mutants killed.` : `${survivors} of ${chosen.length} not killed.`;
const rows = chosen.map((mutant) => [mutant.breaks, `${mutant.testFile}: ${mutant.test}`, outcomes.get(mutant)]);
const table = [
  'broken on purpose | test that must fail | mutant',
  '--- | --- | ---',
  ...rows.map((row) => row.join(' | ')),
]
  .map((row) => `| ${row} |`)
  .join('\n');
console.log(`${table}\n${verdict}`);
if (values.write)
  writeBetween(
    'RELIABILITY',
    'mutants',
    `\`npm run faults:mutants\`, ${new Date().toISOString().slice(0, 10)}. ${verdict}\n\n${table}`,
  );
process.exit(survivors === 0 ? 0 : 1);

async function work(): Promise<void> {
  const copy = copyOfTheSources();
  for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
    const outcome = await judge(copy, mutant);
    outcomes.set(mutant, outcome);
    console.error(`${mutant.breaks}: ${outcome}`);
  }
}

function copyOfTheSources(): string {
  const copy = temporaryDirectory();
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  mkdirSync(join(copy, '.pasindo'));
  symlinkSync(join(PASINDO_DIRECTORY, 'kafka-jars'), join(copy, '.pasindo', 'kafka-jars'));
  return copy;
}

/** The test passes as the sources are, and says with the mutant in place what is wrong: else nothing is shown. */
async function judge(copy: string, mutant: Mutant): Promise<string> {
  const path = join(copy, mutant.file);
  const source = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (source.split(mutant.replace).length !== 2) return 'not applied: is not in the sources any more';
  const { testFile, project } = mutant;
  if (!withoutMutant.has(testFile)) {
    const names = MUTANTS.filter((each) => each.testFile === testFile).map(({ test }) => test);
    withoutMutant.set(testFile, outcomesOf(copy, project, testFile, names));
  }
  const before = outcomeOf(mutant, (await withoutMutant.get(testFile)) as Outcomes);
  if (before !== 'passed') return `not applied: its test, without it, ${before}`;
  writeFileSync(
    path,
    source.replace(mutant.replace, () => mutant.by),
  );
  try {
    const outcome = outcomeOf(mutant, await outcomesOf(copy, project, testFile, [mutant.test]));
    if (outcome === 'says what is wrong') return 'killed';
    return outcome === 'passed' ? 'SURVIVED' : `not killed: its test ${outcome}`;
  } finally {
    writeFileSync(path, source);
  }
}

/** By full name: null for a test that passed, else what it said. */
type Outcomes = ReadonlyMap<string, string | null>;

/** An assertion's word counts, not that of a deadline, of a hook or of code that does not even run. */
function outcomeOf({ test }: Mutant, outcomes: Outcomes): string {
  const said = [...outcomes].flatMap(([name, failure]) => (name.includes(test) ? [failure] : []));
  if (said.length === 0) return 'was not run';
  const failures = said.flatMap((failure) => failure ?? []);
  if (failures.length === 0) return 'passed';
  if (failures.some((failure) => /\b(expect|assert\.\w+)\(/.test(failure))) return 'says what is wrong';
  return `ends with: ${failures[0]?.split('\n')[0]?.slice(0, 100)}`;
}

/** Exactly the named tests are run. */
async function outcomesOf(
  copy: string,
  project: string,
  testFile: string,
  names: readonly string[],
): Promise<Outcomes> {
  const result = join(copy, 'result.json');
  rmSync(result, { force: true });
  const jest = spawn(
    process.execPath,
    [
      '--conditions=source',
      '--experimental-vm-modules',
      join(copy, 'node_modules/jest/bin/jest.js'),
      testFile,
      `--selectProjects=${project}`,
      `--testNamePattern=${names.map((name) => name.replaceAll(/[()[\]{}.*+?^$|\\]/g, '\\$&')).join('|')}`,
      '--runInBand',
      '--forceExit',
      '--json',
      `--outputFile=${result}`,
    ],
    { cwd: copy, stdio: 'ignore', timeout: TEST_DEADLINE_MS, env: { ...process.env, LOG_LEVEL: 'silent' } },
  );
  await once(jest, 'exit');
  if (!existsSync(result)) return new Map();
  const { testResults } = JSON.parse(readFileSync(result, 'utf8')) as { testResults: { assertionResults: Result[] }[] };
  const run = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'pending');
  return new Map(
    run.map(({ fullName, status, failureMessages }) => [
      fullName,
      status === 'passed' ? null : stripVTControlCharacters(failureMessages.join('\n')),
    ]),
  );
}

interface Result {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}
