import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { register } from 'prom-client';
import { isPlaintextAllowed, isThisComputer } from '#libs/environment';
import { log } from '#libs/observability';

/** Where metrics are, seen from where a service is. */
const OPERATIONS_OFFSET = 100;

/** Where a service listens, and how whoever comes from outside is let in. */
export interface Edges {
  readonly host: string;
  readonly port: number;
  /** Where its metrics are. */
  readonly operationsHost: string;
  readonly operationsPort: number;
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  /** Express's `trust proxy`: who may say where a request comes from, and that it came encrypted. */
  readonly trustProxy: string | undefined;
  /** What only a demo has: a gateway and a bank to play with, and OpenAPI to try. */
  readonly isDemo: boolean;
}

/**
 * Environment: HOST (127.0.0.1), PORT, OPERATIONS_HOST (127.0.0.1), OPERATIONS_PORT (PORT + 100), TLS_CERT_FILE and
 * TLS_KEY_FILE, TRUST_PROXY, ALLOW_PLAINTEXT (on), PASINDO_DEMO (on).
 * @throws Error if others than this computer could read along, or play with a demo
 */
export function edgesOf(usualPort: number, environment: NodeJS.ProcessEnv = process.env): Edges {
  const { HOST: host = '127.0.0.1', TLS_CERT_FILE: cert, TLS_KEY_FILE: key, TRUST_PROXY: trustProxy } = environment;
  const port = Number(environment.PORT ?? usualPort);
  const isDemo = environment.PASINDO_DEMO === 'on';
  const isOutside = !isThisComputer(host);
  if (isOutside && isDemo) throw new Error(`PASINDO_DEMO is on: anybody who reaches ${host} could mark money as paid`);
  if (isOutside && !(cert && key) && !trustProxy && !isPlaintextAllowed(environment)) {
    throw new Error(
      `${host} would be served in plain text: TLS_CERT_FILE and TLS_KEY_FILE, TRUST_PROXY, or ALLOW_PLAINTEXT=on`,
    );
  }
  return {
    host,
    port,
    operationsHost: environment.OPERATIONS_HOST ?? '127.0.0.1',
    operationsPort: Number(environment.OPERATIONS_PORT ?? port + OPERATIONS_OFFSET),
    tls: cert && key ? { cert: readFileSync(cert), key: readFileSync(key) } : undefined,
    trustProxy,
    isDemo,
  };
}

/** Figures for whoever reaches that place: this computer alone, unless its operators fence another off. */
export function serveMetrics({ operationsHost, operationsPort }: Pick<Edges, 'operationsHost' | 'operationsPort'>): {
  close(): void;
} {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') return response.writeHead(404).end();
    response.setHeader('content-type', register.contentType).end(await register.metrics());
  });
  server.on('error', (error) => log.error({ err: error }, 'metrics are not served'));
  return server.listen(operationsPort, operationsHost);
}
