import { Injectable } from '@nestjs/common';
import type { Grant } from '#libs/access';
import { log } from '#libs/observability';
import { CallsService } from '../calls/calls.service.ts';
import { Kept } from '../calls/kept.ts';
import type { Session } from '../session/session.ts';
import { type Facility, inScope } from './scope.ts';

const DEADLINE_MS = 2_000;
const PAGE = 1_000;

interface FacilityPage {
  readonly items: readonly { facilityId: string; name: string; type: string; region: string }[];
  readonly nextCursor?: string;
}

/** Facilities as the catalogue tells everybody who is signed in. */
@Injectable()
export class FacilitiesService {
  readonly #kept = new Kept<readonly Facility[]>();

  constructor(private readonly calls: CallsService) {}

  /** Those that these grants reach; none while the catalogue is away and has not told before. */
  async inScopeOf(session: Session, grants: readonly Grant[]): Promise<Facility[]> {
    try {
      const { value } = await this.#kept.get('', () => this.#all(session));
      return inScope(value, grants);
    } catch (error) {
      log.warn({ err: error }, 'facilities are not known');
      return [];
    }
  }

  async #all(session: Session): Promise<Facility[]> {
    const facilities: Facility[] = [];
    let cursor: string | undefined;
    do {
      const path = `facilities?limit=${PAGE}${cursor === undefined ? '' : `&cursor=${cursor}`}`;
      const response = await this.calls.ask(session, 'catalogue', path, { signal: AbortSignal.timeout(DEADLINE_MS) });
      if (!response.ok) throw new Error(`the catalogue answers ${response.status}`);
      const page = (await response.json()) as FacilityPage;
      facilities.push(
        ...page.items.map(({ facilityId, name, type, region }) => ({ facilityId, name, kind: type, region })),
      );
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return facilities;
  }
}
