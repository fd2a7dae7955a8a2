import { Injectable } from '@nestjs/common';
import { type Fault, fault } from '#libs/contracts';
import { Approvers } from './approvers.ts';
import { FacilityRegions } from './facility-regions.repository.ts';
import type { Permission, PlaceKind } from './policy.ts';
import type { Principal } from './principal.ts';
import type { Grant } from './roles.ts';

/** What grants reach, together: of their kinds, the ids. Regions are sets of facilities. */
export type Reached = Readonly<Record<PlaceKind, readonly string[]>> & { readonly national: boolean };

/** How far somebody may do what a permission lets people do. */
export interface Allowed {
  /** Of which facilities; null: of all, and of what is of none. */
  readonly facilities: readonly string[] | null;
  /** Why not of this facility, or of what is of none (null); undefined: he may. */
  objection(facilityId: string | null): Fault | undefined;
}

/** What the guards will say, before they are asked: so that nobody is offered what he will be refused. */
@Injectable()
export class Reach {
  constructor(
    private readonly regions: FacilityRegions,
    private readonly approvers: Approvers,
  ) {}

  async of(grants: readonly Grant[]): Promise<Reached> {
    const idsOf = (kind: Grant['kind']) => grants.filter((grant) => grant.kind === kind).map(({ id }) => id);
    const regions = idsOf('region');
    const ofRegions = regions.length > 0 ? await this.regions.facilitiesOf(regions) : [];
    return {
      national: grants.some(({ kind }) => kind === 'national'),
      facility: [...new Set([...idsOf('facility'), ...ofRegions])],
      channel: idsOf('channel'),
      maker: idsOf('maker'),
    };
  }

  async allowed(permission: Permission, principal: Principal): Promise<Allowed> {
    const grants = grantsFor(permission, principal);
    const { national, facility } = await this.of(grants);
    const never = grants.length === 0 ? NOT_GRANTED : this.#never(permission, principal);
    return {
      facilities: never ? [] : national ? null : facility,
      objection: (facilityId) =>
        national || (facilityId !== null && facility.includes(facilityId)) ? never : NOT_GRANTED,
    };
  }

  #never({ person, secondPerson }: Permission, principal: Principal): Fault | undefined {
    if (person && principal.person === undefined) return NO_PERSON;
    return secondPerson ? this.approvers.objection(principal) : undefined;
  }
}

export function grantsFor({ roles }: Permission, { grants }: Principal): Grant[] {
  const named: readonly string[] = roles;
  return grants.filter(({ role, kind }) => named.includes(role) || named.includes(`${role}@${kind}`));
}

const NOT_GRANTED = fault(
  'not-granted',
  'Your role does not include it here.',
  'Peran Anda tidak mencakup ini di sini.',
);
const NO_PERSON = fault(
  'person-needed',
  'Sign in as a person, not as a program.',
  'Masuklah sebagai orang, bukan sebagai program.',
);
