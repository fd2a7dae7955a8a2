import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

it('scripts that only send events can load this as TypeScript: Node takes types away, and nothing else', () => {
  const script = "import('#libs/messaging/kafka').then((library) => console.log(Object.keys(library).join()))";
  const exported = execFileSync(process.execPath, ['--conditions=source', '--eval', script], { encoding: 'utf8' });
  expect(exported).toContain('connectKafka');
});
