import type { Service } from '../calls/service.ts';

/** One call of a service. */
export interface Section {
  readonly service: Service;
  /**
   * What is asked, behind `/v1/`, with parameters of the screen in it: `{facility}`. A part of the query whose parameter
   * is not given is left out; one of the path is needed.
   */
  readonly path: string;
  /** It changes seldom and is about nobody: a copy of it is good for a minute, and better than none for longer. */
  readonly kept?: true;
}

/** What the catalogue writes down that names were read for. */
export type Purpose = 'production' | 'payout' | 'statement' | 'release' | 'correction';

/** A page of the portal: its sections, by name, each of which comes or fails by itself. */
export interface Screen {
  readonly sections: Readonly<Record<string, Section>>;
  /**
   * The makers in its sections are named, to whom may know, for this: it is one call more. What is told of one maker is
   * read for it as well.
   */
  readonly names?: Purpose;
  /** The only section whose makers are named, if others speak of more of them than are shown. */
  readonly namesOf?: string;
}

/** However many rows there are. */
export const CALLS_MAX = 8;

const asked =
  (service: Service) =>
  (path: string): Section => ({ service, path });
export const catalogue = asked('catalogue');
export const orders = asked('orders');
export const payments = asked('payments');
export const ledger = asked('ledger');

export const kept = (section: Section): Section => ({ ...section, kept: true });

export const channels = kept(orders('channels'));
/** Of all facilities: an order may have goods of several. */
export const titles = kept(catalogue('products?limit=1000'));

export function callsOf({ sections, names }: Screen): number {
  return Object.keys(sections).length + (names ? 1 : 0);
}
