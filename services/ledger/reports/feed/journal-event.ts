import { type DataOf, FEED_ENTRIES_MAX, type journalPosted } from '#libs/contracts';

type JournalPosted = DataOf<typeof journalPosted>;

export type FedEntry = JournalPosted['entries'][number];

/** What a sale, a refund or contributions recorded later are about. */
export interface Sold {
  readonly sale: {
    readonly channel: string;
    readonly lines: readonly { readonly lineRef: string; readonly sku: string; readonly quantity: number }[];
  };
  /** Null: all lines of the sale. */
  readonly ofLine: string | null;
}

/** A journal as the feed tells it, and what it is about, which it does not tell. */
export interface FedJournal {
  readonly facilityId: string;
  readonly number: number;
  readonly journalId: string;
  readonly kind: string;
  readonly postedOn: string;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  readonly sourceReference: string;
  readonly reverses: string | null;
  readonly agreement: { readonly id: string; readonly version: number } | null;
  readonly correlationId: string;
  readonly hash: string;
  readonly entries: readonly FedEntry[];
  readonly sold: Sold | null;
}

/** What is told of a journal, in parts that a topic takes whatever is in them; mostly it is one. */
export function eventDataOf(journal: FedJournal): JournalPosted[] {
  const { occurredAt, recordedAt, reverses, agreement, correlationId: _, sold: __, entries, ...facts } = journal;
  const parts = Math.max(1, Math.ceil(entries.length / FEED_ENTRIES_MAX));
  return Array.from({ length: parts }, (_, index) => ({
    ...facts,
    occurredAt: occurredAt.toISOString(),
    recordedAt: recordedAt.toISOString(),
    ...(reverses && { reverses }),
    ...(agreement && { agreement }),
    part: index + 1,
    parts,
    entries: entries.slice(index * FEED_ENTRIES_MAX, (index + 1) * FEED_ENTRIES_MAX),
  }));
}
