/** `npm run test:stack`: a Kafka and a PostgreSQL for one integration test after another, until Ctrl-C. */
import { rmSync, writeFileSync } from 'node:fs';
import { stopSignal } from '../../deploy/local/stop-signal.ts';
import { RUNNING_STACK, startTestInfrastructure } from './infrastructure.ts';

const { stop, ...stack } = await startTestInfrastructure();
writeFileSync(RUNNING_STACK, `${process.pid}\n${JSON.stringify(stack)}`);
console.log('Integration tests of this clone use it: npm run test:only -- --selectProjects integration PATH');
console.log('Ctrl-C ends it.');

await stopSignal();
rmSync(RUNNING_STACK, { force: true });
await stop();
process.exit(0);
