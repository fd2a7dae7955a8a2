/** `npm run test:stack`: a Kafka and a PostgreSQL for one integration test after another, until Ctrl-C. */
import { rmSync, writeFileSync } from 'node:fs';
import { RUNNING_STACK, startTestInfrastructure } from './infrastructure.ts';

const { stop, ...stack } = await startTestInfrastructure();
writeFileSync(RUNNING_STACK, `${process.pid}\n${JSON.stringify(stack)}`);
console.log('Integration tests of this clone use it: npm run test:only -- --selectProjects integration PATH');
console.log('Ctrl-C ends it.');

setInterval(() => {}, 2 ** 30); // nothing else keeps us
await new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
});
rmSync(RUNNING_STACK, { force: true });
await stop();
process.exit(0);
