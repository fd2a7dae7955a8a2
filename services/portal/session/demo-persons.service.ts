import { Injectable } from '@nestjs/common';
import { issuerOf } from '#libs/access';
import { log } from '#libs/observability';
import { Kept } from '../calls/kept.ts';
import { PORTAL } from '../calls/service.ts';

interface DemoPerson {
  readonly id: string;
  readonly title: { readonly id: string; readonly en: string };
  readonly grants: readonly string[];
}

const DEADLINE_MS = 2_000;

/** Whom one may be in a demo: its issuer tells. Elsewhere there is nobody to choose. */
@Injectable()
export class DemoPersons {
  readonly isDemo = process.env.PASINDO_DEMO === 'on';
  readonly #kept = new Kept<readonly DemoPerson[]>();

  async all(): Promise<readonly DemoPerson[]> {
    if (!this.isDemo) return [];
    try {
      return (await this.#kept.get('', () => this.#told())).value;
    } catch (error) {
      log.warn({ err: error }, 'the persons of the demo are not known');
      return [];
    }
  }

  async #told(): Promise<readonly DemoPerson[]> {
    const url = new URL('/persons', issuerOf(PORTAL).issuer);
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(DEADLINE_MS) });
    if (!response.ok) throw new Error(`the issuer answers ${response.status}`);
    return (await response.json()) as readonly DemoPerson[];
  }
}
