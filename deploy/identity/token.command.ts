/**
 * `npm run --silent token -- ROLE [SERVICE]`: a token of a demo person (or `mp-CHANNEL`) for curl and scripts, on standard
 * output; SERVICE: ledger (default), orders, payments, catalogue.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PASINDO_DIRECTORY } from '../local/embedded.ts';
import { SERVICES } from '../local/services.ts';
import { LOCAL_ISSUER } from './command-token.ts';
import { PERSONS } from './persons.ts';
import { clientToken, pressButton } from './sign-in.ts';

const [who = '', service = who.startsWith('mp-') ? 'orders' : 'ledger'] = process.argv.slice(2);
const isKnown = who.startsWith('mp-') || PERSONS.some(({ id }) => id === who);
if (!isKnown || !(SERVICES as readonly string[]).includes(service)) {
  console.error(`Usage: npm run --silent token -- ROLE [${SERVICES.join(' | ')}]
ROLE is one of ${PERSONS.map(({ id }) => id).join(', ')}, mp-blanja.`);
  process.exit(2);
}
const audience = `urn:pasindo:${service}`;
try {
  console.log(
    who.startsWith('mp-')
      ? await clientToken(LOCAL_ISSUER, who, secretOf(who), audience)
      : await pressButton(LOCAL_ISSUER, who, audience),
  );
} catch (error) {
  console.error(`No token from ${LOCAL_ISSUER} (${(error as Error).message}). Does \`npm start\` run?`);
  process.exit(1);
}

function secretOf(client: string): string {
  return JSON.parse(readFileSync(join(PASINDO_DIRECTORY, 'identity', `${client}.secret.json`), 'utf8'));
}
