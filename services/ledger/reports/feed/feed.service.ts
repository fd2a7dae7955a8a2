import { Injectable } from '@nestjs/common';
import { decisionChanged, journalPosted } from '#libs/contracts';
import { Database, REPEATED, type Transaction } from '#libs/database';
import { newEvent, newId, Outbox } from '#libs/messaging';
import { RepeatedWork } from '#libs/service';
import { totalsOfJournals } from '../totals/journal-totals.ts';
import { TotalRepository } from '../totals/total.repository.ts';
import { DecisionFeedRepository } from './decision-feed.repository.ts';
import { eventDataOf } from './journal-event.ts';
import { type FeedPosition, JOURNALS_AT_ONCE, JournalFeedRepository } from './journal-feed.repository.ts';

const INTERVAL_MS = 300;

const FACILITIES_AT_ONCE = 200;
const CHANGES_AT_ONCE = 500;
/** Of the outbox: whatever else is to be sent stands behind what the feed puts there. */
const BACKLOG_MAX = 2_000;

/**
 * Tells of everything that is posted and decided (docs/LEDGER.md, "The books as a feed"), from the books themselves:
 * whatever is in them is told, whoever posted it and when, also if that was before there was a feed; and posting does not
 * wait for it. With it go the totals of what was sold: whoever is told of a sale finds it in them.
 *
 * Of each chain it remembers up to which number it has told, in the transaction that writes the events: so each is told,
 * and added up, once, in the order of the chain. A journal's number is visible no earlier than those of all before it, as
 * who posts holds the end of the chain until the commit; that the changes of rows are one chain is kept in the same way.
 */
@Injectable()
export class FeedService extends RepeatedWork {
  constructor(
    private readonly database: Database,
    private readonly journals: JournalFeedRepository,
    private readonly totals: TotalRepository,
    private readonly decisions: DecisionFeedRepository,
    private readonly outbox: Outbox,
  ) {
    super(INTERVAL_MS, 'the feed of the books is interrupted');
  }

  protected override async work(): Promise<boolean> {
    const [journals, changes] = [await this.tellJournals(), await this.tellDecisions()];
    return journals >= JOURNALS_AT_ONCE / 2 || changes === CHANGES_AT_ONCE; // few are told together, a little later
  }

  /** The next journals of some facilities. @returns how many */
  async tellJournals(): Promise<number> {
    return this.database.transaction(async (transaction) => {
      const claimed = await this.journals.claim(transaction, FACILITIES_AT_ONCE);
      if (claimed.length === 0 || (await this.#isFull(transaction))) return 0;
      const journals = await this.journals.after(transaction, claimed);
      const events = journals.flatMap((journal) =>
        eventDataOf(journal).map((data) => newEvent(journalPosted, data, journal)),
      );
      await this.outbox.append(transaction, events);
      await this.totals.add(transaction, totalsOfJournals(journals));
      await this.journals.advance(transaction, lastOfEach(journals));
      return journals.length;
    }, REPEATED);
  }

  /** How decisions stand that have changed. @returns of how many */
  async tellDecisions(): Promise<number> {
    return this.database.transaction(async (transaction) => {
      const claimed = await this.decisions.claim(transaction, CHANGES_AT_ONCE);
      if (!claimed || (await this.#isFull(transaction))) return 0;
      const changed = await this.decisions.changed(transaction, claimed.changes);
      await this.outbox.append(
        transaction,
        changed.map((data) => newEvent(decisionChanged, data, { correlationId: newId() })),
      );
      await this.decisions.advance(transaction, claimed.last);
      return claimed.changes.length;
    }, REPEATED);
  }

  #isFull(transaction: Transaction): Promise<boolean> {
    return this.outbox.hasBacklog(transaction, BACKLOG_MAX);
  }
}

function lastOfEach(positions: readonly FeedPosition[]): FeedPosition[] {
  return [...new Map(positions.map((position) => [position.facilityId, position])).values()];
}
