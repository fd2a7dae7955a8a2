/**
 * `PASINDO_TOKEN=$(npm run --silent login -- SERVICE)`: signs a person in with a browser (authorization code, PKCE) and
 * writes an access token for one service to standard output. Environment: OIDC_ISSUER, else the issuer of `npm start`.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SERVICES } from '../local/services.ts';
import { LOCAL_ISSUER } from './command-token.ts';
import { authorizationRequest, endpointsOf, redeem } from './sign-in.ts';

const [service = ''] = process.argv.slice(2);
if (!(SERVICES as readonly string[]).includes(service)) {
  console.error(`Usage: npm run --silent login -- ${SERVICES.join(' | ')}`);
  process.exit(2);
}
const audience = `urn:pasindo:${service}`;
const endpoints = await endpointsOf(process.env.OIDC_ISSUER ?? LOCAL_ISSUER);
const server = createServer();
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const redirect = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const request = authorizationRequest(endpoints, audience, redirect);
console.error(`Open this address in a browser:\n\n${request.url}\n`);

const code = await new Promise<string>((resolve, reject) => {
  server.on('request', ({ url = '/' }, response) => {
    const answer = new URL(url, redirect).searchParams;
    const [given, state] = [answer.get('code'), answer.get('state')];
    if (state !== request.state) return response.writeHead(404).end();
    response.setHeader('content-type', 'text/plain; charset=utf-8').end('Back to the terminal. Kembali ke terminal.\n');
    if (given === null) reject(new Error(answer.get('error_description') ?? 'not signed in'));
    else resolve(given);
  });
});
server.close();
console.log(await redeem(endpoints, { ...request, code, audience }));
