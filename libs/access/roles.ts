import { ChannelId, FacilityId, type Kind, MakerId, Region } from '#libs/contracts';
import { Problem } from '#libs/http';

export type ScopeKind = 'national' | 'region' | 'facility' | 'channel' | 'maker';

/** Who there is, and what each can be confined to. Who is who, only the issuer of tokens knows: nothing is granted here. */
export const ROLES = {
  officer: ['facility'],
  overseer: ['region', 'national'],
  drafter: ['facility', 'region', 'national'],
  approver: ['facility', 'region', 'national'],
  auditor: ['national'],
  privacy: ['national'],
  operator: ['national'],
  administrator: ['national'],
  marketplace: ['channel'],
  maker: ['maker'],
} as const satisfies Record<string, readonly ScopeKind[]>;

export type Role = keyof typeof ROLES;

/** A role within a scope: `drafter@facility:F1`, `auditor@national`. */
export interface Grant {
  readonly role: Role;
  readonly kind: ScopeKind;
  /** Of the facility, region, channel or maker; empty: national. */
  readonly id: string;
}

const IDS: Readonly<Record<Exclude<ScopeKind, 'national'>, Kind<string>>> = {
  region: Region,
  facility: FacilityId,
  channel: ChannelId,
  maker: MakerId,
};

/** Who approves neither proposes nor operates; these, besides, are nothing else at all. */
const NOT_WITH_APPROVER: readonly Role[] = ['officer', 'drafter', 'operator', 'administrator'];
const ALONE: readonly Role[] = ['maker', 'marketplace', 'auditor'];

/**
 * The grants of a token.
 * @throws Problem (403) if one cannot be read, or two are in conflict: nothing of such a token counts
 */
export function readGrants(claim: unknown): Grant[] {
  const texts = claim === undefined ? [] : claim;
  if (!Array.isArray(texts)) throw refused('grants-unreadable', 'The grants of this token are no list.');
  const grants = texts.map(readGrant);
  const roles = new Set(grants.map(({ role }) => role));
  const clash =
    (roles.has('approver') && NOT_WITH_APPROVER.find((role) => roles.has(role))) ||
    (roles.size > 1 && ALONE.find((role) => roles.has(role)));
  if (clash)
    throw refused(
      'grants-in-conflict',
      `Nobody is ${clash} and ${[...roles].filter((role) => role !== clash).join(', ')} at once.`,
    );
  return grants;
}

function readGrant(text: unknown): Grant {
  const [, role = '', kind = '', id = ''] = (typeof text === 'string' && /^(\w+)@(\w+)(?::(.+))?$/.exec(text)) || [];
  const isKnown = Object.hasOwn(ROLES, role) && (ROLES[role as Role] as readonly string[]).includes(kind);
  const isNamed = kind === 'national' ? id === '' : isKnown && IDS[kind as keyof typeof IDS].read(id).value === id;
  if (!isKnown || !isNamed) throw refused('grants-unreadable', 'A grant of this token is none of ours.');
  return { role: role as Role, kind: kind as ScopeKind, id };
}

function refused(reason: string, detail: string): Problem {
  return new Problem({ status: 403, title: 'Grants refused', detail, reason });
}
