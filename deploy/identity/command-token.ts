/** How a command of ours says who asks. */
import { IDENTITY_PORT } from '../local/services.ts';
import { pressButton } from './sign-in.ts';

/** Where `npm start` runs the issuer of this computer. */
export const LOCAL_ISSUER = `http://127.0.0.1:${IDENTITY_PORT}`;

/** Of a token's ten minutes; a command that takes longer gets another one. */
const RENEWED_AFTER_MS = 480_000;

/**
 * The `Authorization` of requests to a service: PASINDO_TOKEN, else that of a demo person, whose button the command
 * presses itself. Where there is another issuer (OIDC_ISSUER), `npm run login` gives a token.
 */
export function authorizationOf(service: string, person: string): () => Promise<string> {
  let token: string | undefined;
  let since = 0;
  return async () => {
    const given = process.env.PASINDO_TOKEN;
    if (given) return `Bearer ${given}`;
    if (process.env.OIDC_ISSUER && process.env.OIDC_ISSUER !== LOCAL_ISSUER) {
      throw new Error(`Sign in first: PASINDO_TOKEN=$(npm run --silent login -- ${service})`);
    }
    if (token === undefined || performance.now() - since > RENEWED_AFTER_MS) {
      token = await pressButton(LOCAL_ISSUER, person, `urn:pasindo:${service}`).catch((error: Error) => {
        throw new Error(`No token from ${LOCAL_ISSUER} (${error.message}). Does \`npm start\` run?`);
      });
      since = performance.now();
    }
    return `Bearer ${token}`;
  };
}
