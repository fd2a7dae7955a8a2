import { expect, it } from '@jest/globals';
import { edgesOf } from './edges.ts';

it.each<[string, NodeJS.ProcessEnv, string | undefined]>([
  ['this computer alone, in plain text', {}, undefined],
  ['this computer alone, as a demo', { PASINDO_DEMO: 'on' }, undefined],
  ['everybody, in plain text', { HOST: '0.0.0.0' }, 'plain text'],
  ['everybody, with a certificate and no key', { HOST: '0.0.0.0', TLS_CERT_FILE: 'cert.pem' }, 'plain text'],
  ['everybody, in plain text that is wanted', { HOST: '0.0.0.0', ALLOW_PLAINTEXT: 'on' }, undefined],
  ['everybody, behind a proxy', { HOST: '::', TRUST_PROXY: '10.0.0.1' }, undefined],
  ['everybody, as a demo', { HOST: '0.0.0.0', ALLOW_PLAINTEXT: 'on', PASINDO_DEMO: 'on' }, 'PASINDO_DEMO'],
])('for %s', (_, environment, refused) => {
  if (refused === undefined) expect(() => edgesOf(3000, environment)).not.toThrow();
  else expect(() => edgesOf(3000, environment)).toThrow(refused);
});

it('metrics are a hundred ports above, unless said', () => {
  expect(edgesOf(3001, {})).toMatchObject({ port: 3001, operationsPort: 3101 });
  expect(edgesOf(3001, { PORT: '80', OPERATIONS_PORT: '9' })).toMatchObject({ port: 80, operationsPort: 9 });
  expect(edgesOf(3001, { HOST: '::', ALLOW_PLAINTEXT: 'on' }).operationsHost).toBe('127.0.0.1');
  expect(edgesOf(3001, { OPERATIONS_HOST: '0.0.0.0' })).toMatchObject({ host: '127.0.0.1', operationsHost: '0.0.0.0' });
});
