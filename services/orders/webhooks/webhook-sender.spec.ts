import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebhookSender } from './webhook-sender.service.ts';

let server: Server;
let port: number;
let asked = 0;

beforeAll(async () => {
  server = createServer((_, response) => {
    asked += 1;
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

const body = Buffer.from('{}');

describe('a webhook', () => {
  it.each<[string, () => string, string]>([
    ['without TLS', () => `http://127.0.0.1:${port}/`, 'not https'],
    ['to this computer', () => `https://127.0.0.1:${port}/`, 'not public'],
    ['to this computer, written otherwise', () => `https://0x7f.1:${port}/`, 'not public'],
    ['to this computer by IPv6', () => `https://[::1]:${port}/`, 'not public'],
    ['to this computer as IPv4 in IPv6', () => `https://[::ffff:127.0.0.1]:${port}/`, 'not public'],
    ['to a name of this computer', () => `https://localhost:${port}/`, 'not public'],
    ['to the secrets of a cloud', () => 'https://169.254.169.254/latest/meta-data', 'not public'],
  ])('%s is not sent', async (_, address, why) => {
    await expect(new WebhookSender().post(address(), {}, body, 1_000)).rejects.toThrow(why);
    expect(asked).toBe(0);
  });

  it('is sent where an installation says that it may be', async () => {
    process.env.WEBHOOK_TRUSTED_HOSTS = `127.0.0.1:${port}`;
    const sender = new WebhookSender();
    delete process.env.WEBHOOK_TRUSTED_HOSTS;
    await sender.post(`http://127.0.0.1:${port}/`, {}, body, 1_000);
    expect(asked).toBe(1);
    await expect(sender.post(`http://127.0.0.1:1/`, {}, body, 1_000)).rejects.toThrow('not https');
  });
});
