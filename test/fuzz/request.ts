/** A request down to its bytes, and what came back. */
import { Agent, type IncomingMessage, request } from 'node:http';
import { authorizationFor } from '../kit/sign-in.ts';

export interface Asked {
  readonly method: string;
  /** As it stands in the request line. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Buffer | undefined;
}

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly milliseconds: number;
  /** What kept the answer from being whole. */
  readonly broken?: string;
}

const DEADLINE_MS = 30_000;
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

export function targetOf({ path, query }: Asked): string {
  return query.length === 0 ? path : `${path}?${query.map(([name, value]) => `${name}=${value}`).join('&')}`;
}

export async function ask(address: string, asked: Asked): Promise<Answered> {
  const started = performance.now();
  const milliseconds = () => performance.now() - started;
  let response: IncomingMessage | undefined;
  const parts: Buffer[] = [];
  const told = () => ({
    status: response?.statusCode ?? 0,
    type: response?.headers['content-type'] ?? '',
    text: Buffer.concat(parts).toString(),
    milliseconds: milliseconds(),
  });
  try {
    const authorization = await authorizationFor(asked.path);
    await new Promise<void>((resolve, reject) => {
      const { hostname, port } = new URL(address);
      const sent = request({
        hostname,
        port,
        agent,
        method: asked.method,
        path: targetOf(asked),
        headers: [...framing(address, asked), ['authorization', authorization], ...asked.headers].flat(),
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      sent.once('error', reject).once('response', (incoming) => {
        response = incoming;
        incoming.on('data', (part) => parts.push(part));
        incoming.once('error', reject).once('end', resolve);
      });
      sent.end(asked.body);
    });
    return told();
  } catch (error) {
    return { ...told(), broken: String((error as Error).message) };
  }
}

/** What HTTP itself wants. */
function framing(address: string, { headers, body }: Asked): [string, string][] {
  const host: [string, string][] = headers.some(([name]) => name === 'host') ? [] : [['host', new URL(address).host]];
  return body === undefined ? host : [...host, ['content-length', String(Buffer.byteLength(body))]];
}

/** To be sent again by hand. */
export function written({ method, headers, body, ...asked }: Asked): string {
  const lines = [
    `${method} ${targetOf({ method, headers, ...asked })}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  if (body !== undefined) lines.push('', typeof body === 'string' ? body : `base64 ${body.toString('base64')}`);
  const text = lines.join('\n');
  return text.length > 2_000 ? `${text.slice(0, 2_000)}... (${text.length} characters)` : text;
}
