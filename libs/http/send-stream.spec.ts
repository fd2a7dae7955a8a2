import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

/** In a process of its own, which ends when nobody listens to a failure. The reader takes nothing until it has happened. */
const SCRIPT = `
  import { connect } from 'node:net';
  import { setTimeout as sleep } from 'node:timers/promises';
  import express from 'express';
  import { sendStream } from '${new URL('send-stream.ts', import.meta.url)}';

  async function* parts() {
    yield 'x'.repeat(2 ** 25);
    await sleep(50);
    throw new Error('the second part is not to be had');
  }
  const app = express();
  app.get('/', (_, response) => sendStream(response, { name: 'a.csv', type: 'csv' }, parts()).catch((error) => {
    console.log(error.message);
    process.exit(0);
  }));
  const server = app.listen(0, '127.0.0.1', () => {
    const reader = connect(server.address().port, '127.0.0.1');
    reader.write('GET / HTTP/1.1\\r\\nhost: a\\r\\n\\r\\n');
    reader.pause();
    setTimeout(() => reader.resume(), 500);
  });
`;

it('what fails while a slow reader has not taken what was sent is told to who sends it', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    cwd: new URL('.', import.meta.url),
  });
  expect(stdout.trim()).toBe('the second part is not to be had');
});
