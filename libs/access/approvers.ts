import { Injectable } from '@nestjs/common';
import { type Fault, fault } from '#libs/contracts';
import { Database, elevated } from '#libs/database';
import { Problem } from '#libs/http';
import type { Principal } from './principal.ts';
import type { Role } from './roles.ts';

/** Who decides about what others asked for. */
const DECIDING: readonly Role[] = ['approver', 'privacy'];
const FRESH_MS_MAX = 15 * 60_000;
const HOUR_MS = 3_600_000;

/**
 * Who may approve what others drafted. The issuer says who it is; so that somebody who rules the issuer cannot make
 * himself one and pay himself within the hour, a new one rests for a day, in which all can see him.
 * Environment: APPROVER_REST_HOURS (24), OIDC_APPROVER_ACR (how strongly signed in; unset: however).
 */
@Injectable()
export class Approvers {
  readonly #restMs = Number(process.env.APPROVER_REST_HOURS ?? 24) * HOUR_MS;
  readonly #wanted = process.env.OIDC_APPROVER_ACR;
  readonly #metAt = new Map<string, Date>();

  constructor(private readonly database: Database) {}

  /** Remembers when somebody first came as an approver. */
  async meet({ person, grants }: Principal): Promise<void> {
    if (person === undefined || this.#metAt.has(person) || !grants.some(({ role }) => DECIDING.includes(role))) return;
    const [row] = await elevated(() =>
      this.database.query<{ first_seen_at: Date }>(
        `WITH met AS (INSERT INTO known_approver (person) VALUES ($1) ON CONFLICT DO NOTHING RETURNING first_seen_at)
         SELECT first_seen_at FROM met UNION ALL SELECT first_seen_at FROM known_approver WHERE person = $1 LIMIT 1`,
        [person],
      ),
    );
    if (row) this.#metAt.set(person, row.first_seen_at);
  }

  /** By person id, after the one given. */
  async list(after: string, limit: number): Promise<{ person: string; firstSeenAt: Date; mayApproveFrom: Date }[]> {
    const rows = await this.database.query<{ person: string; firstSeenAt: Date }>(
      `SELECT person, first_seen_at AS "firstSeenAt" FROM known_approver WHERE person > $1 ORDER BY person LIMIT $2`,
      [after, limit],
    );
    return rows.map((row) => ({ ...row, mayApproveFrom: new Date(row.firstSeenAt.getTime() + this.#restMs) }));
  }

  /** @throws Problem (403) if this approver still rests, or has not signed in as approving wants it */
  require(principal: Principal): void {
    const objection = this.objection(principal);
    if (!objection) return;
    const { code: reason, message } = objection;
    throw new Problem({ status: 403, title: 'Not to approve now', detail: message.en, reason });
  }

  /** Why this approver may not approve now; undefined: he may. */
  objection({ person = '', authenticatedAt, authenticatedBy }: Principal): Fault | undefined {
    if (this.#wanted !== undefined && authenticatedBy !== this.#wanted) return TOO_WEAK;
    if (!authenticatedAt || Date.now() - authenticatedAt.getTime() > FRESH_MS_MAX) return TOO_LONG_AGO;
    const until = new Date((this.#metAt.get(person)?.getTime() ?? Number.POSITIVE_INFINITY) + this.#restMs);
    return this.#restMs > 0 && !(until.getTime() <= Date.now()) ? rests(until) : undefined;
  }
}

const TOO_WEAK = fault(
  'sign-in-stronger',
  'Sign in again, as strongly as approving wants it.',
  'Masuklah lagi, sekuat yang diminta untuk menyetujui.',
);
const TOO_LONG_AGO = fault(
  'sign-in-again',
  'Sign in again: who approves has proved who it is within the last 15 minutes.',
  'Masuklah lagi: yang menyetujui harus membuktikan dirinya dalam 15 menit terakhir.',
);

function rests(until: Date): Fault {
  return fault(
    'new-approver',
    `A new approver rests until ${until.toISOString()}.`,
    `Penyetuju baru menunggu sampai ${until.toISOString()}.`,
  );
}
