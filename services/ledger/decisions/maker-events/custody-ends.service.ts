import { Injectable } from '@nestjs/common';
import { custodyEnded } from '#libs/contracts';
import { Database, REPEATED } from '#libs/database';
import { newEvent, newId, Outbox } from '#libs/messaging';
import { RepeatedWork } from '#libs/service';
import { MakerEventRepository } from './maker-event.repository.ts';

const HOUR_MS = 3_600_000;
const AT_ONCE = 500;

/** Tells once of each maker who was released two years ago and is owed nothing: then nobody needs to know who it was. */
@Injectable()
export class CustodyEndsService extends RepeatedWork {
  constructor(
    private readonly database: Database,
    private readonly events: MakerEventRepository,
    private readonly outbox: Outbox,
  ) {
    super(HOUR_MS, 'ends of custody not told');
  }

  protected override work(): Promise<boolean> {
    return this.tell(AT_ONCE);
  }

  /** @returns whether there may be more */
  async tell(limit: number): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const ended = await this.events.custodyEnds(transaction, limit);
      await this.outbox.append(
        transaction,
        ended.map((end) => newEvent(custodyEnded, end, { correlationId: newId() })),
      );
      return ended.length === limit;
    }, REPEATED);
  }
}
