import type { Request } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '#libs/http';

const REFUSED_TOKENS = 'tokens-refused-too-often';

/** Who signs what it sends is a program, whoever it is. */
const SIGNATURE = 'pasindo-signature';

/**
 * How often somebody may ask one instance of a service: a person or, without a token, an address; a marketplace, by its
 * token or the address from which it sends what is signed; and how often an address may come with tokens that are none. Environment: RATE_PEOPLE_PER_SECOND (20),
 * RATE_MARKETPLACES_PER_SECOND (100), RATE_REFUSED_TOKENS_PER_MINUTE (10).
 */
export class Rates {
  readonly #people = limiter('RATE_PEOPLE_PER_SECOND', 20, 1);
  readonly #programs = limiter('RATE_MARKETPLACES_PER_SECOND', 100, 1);
  readonly #refused = limiter('RATE_REFUSED_TOKENS_PER_MINUTE', 10, 60);

  /** @throws Problem (429) */
  count({ principal, caller, ip = '', headers }: Request): Promise<void> {
    const isProgram = principal ? principal.person === undefined : SIGNATURE in headers;
    return within('asks-too-often', () => (isProgram ? this.#programs : this.#people).consume(caller ?? ip));
  }

  /** Of a token that was refused. @throws Problem (429) */
  countRefused({ ip = '' }: Request): Promise<void> {
    return within(REFUSED_TOKENS, () => this.#refused.consume(ip));
  }

  /** Before a token is judged at all. @throws Problem (429) */
  async requireFewRefused({ ip = '' }: Request): Promise<void> {
    const counted = await this.#refused.get(ip);
    if (counted && counted.consumedPoints > this.#refused.points) throw tooMany(REFUSED_TOKENS, counted);
  }
}

function limiter(variable: string, usual: number, duration: number): RateLimiterMemory {
  return new RateLimiterMemory({ points: Number(process.env[variable] ?? usual), duration });
}

async function within(reason: string, consume: () => Promise<unknown>): Promise<void> {
  try {
    await consume();
  } catch (error) {
    throw error instanceof RateLimiterRes ? tooMany(reason, error) : error;
  }
}

function tooMany(reason: string, { msBeforeNext }: RateLimiterRes): Problem {
  return new Problem({
    status: 429,
    title: 'Too many requests',
    reason,
    detail: 'Ask again a little later, and less often.',
    headers: { 'retry-after': String(Math.ceil(msBeforeNext / 1_000)) },
  });
}
