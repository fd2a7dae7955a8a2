/** `npm run fuzz -- [--seed 1] [--count 10000]`: so many malformed inputs to each service; the same seed, the same inputs. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    count: { type: 'string', default: '10000' },
  },
});
console.log(`Seed ${values.seed}, ${values.count} inputs a service`);
const { status } = spawnSync('npm', ['run', '--silent', 'test:only', '--', '--selectProjects', 'fuzz'], {
  stdio: 'inherit',
  env: { ...process.env, FUZZ_ROLES: 'all', FUZZ_SEED: values.seed, FUZZ_COUNT: values.count },
});
process.exitCode = status ?? 1;
