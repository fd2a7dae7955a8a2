import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { RepeatedWork } from '#libs/service';
import { openBooks } from '../../books/open-books.repository.ts';
import { AgreementRepository } from '../../sharing/agreements/agreement.repository.ts';
import { DisputesService } from '../disputes/disputes.service.ts';
import { agree } from '../sales/agreed-sale.ts';
import { RefusedEventsService } from '../sales/refused-events.service.ts';
import { SaleEventsService } from '../sales/sale-events.service.ts';
import { HoldRepository } from './hold.repository.ts';
import { HoldsService } from './holds.service.ts';

const INTERVAL_MS = 1_000;
const SALES_AT_ONCE = 100;

/**
 * Posts sales that wait for an agreement once one is approved that covers all of their lines, with all that followed of
 * them, in its order. When it starts, and after each approval, it looks at all that wait; several instances may at once.
 */
@Injectable()
export class HeldSalesService extends RepeatedWork {
  /** The last approval that it has looked after; undefined: none yet. */
  #seen: string | undefined;

  constructor(
    private readonly database: Database,
    private readonly agreements: AgreementRepository,
    private readonly repository: HoldRepository,
    private readonly holds: HoldsService,
    private readonly events: SaleEventsService,
    private readonly disputes: DisputesService,
    private readonly refusedEvents: RefusedEventsService,
  ) {
    super(INTERVAL_MS, 'sales that wait for an agreement not posted');
  }

  protected override async work(signal: AbortSignal): Promise<boolean> {
    if (this.#seen === undefined) await this.refusedEvents.holdWithoutAgreement();
    const last = await this.agreements.lastApproval(this.database);
    if (last === this.#seen) return false;
    await this.postAgreed(signal);
    if (!signal.aborted) this.#seen = last;
    return false;
  }

  /** @returns how many sales it has posted */
  async postAgreed(signal?: AbortSignal): Promise<number> {
    let posted = 0;
    const agreements = await this.agreements.approved(this.database);
    for (let after = 0; !signal?.aborted; ) {
      const waiting = await this.repository.sold(this.database, after, SALES_AT_ONCE);
      const last = waiting.at(-1);
      if (!last) break;
      after = last.position;
      const { agreed } = agree(
        waiting.map(({ event }) => event),
        agreements,
      );
      if (agreed.length > 0) posted += await this.#post(agreed.map(({ event }) => event.data));
    }
    return posted;
  }

  async #post(sales: readonly { readonly saleId: string; readonly facilityId: string }[]): Promise<number> {
    return this.database.transaction(async (transaction) => {
      const books = await openBooks(
        transaction,
        sales.map(({ facilityId }) => facilityId),
      );
      // Whoever was faster has undone them by now.
      const holds = await this.repository.openOfSales(
        transaction,
        sales.map(({ saleId }) => saleId),
      );
      if (holds.length === 0) return 0;
      await this.holds.undo(books, holds);
      await this.disputes.withhold(books, [...new Set(holds.map(({ saleId }) => saleId))], () =>
        this.events.post(
          books,
          holds.map(({ event }) => event),
        ),
      );
      return holds.filter(({ subject }) => subject === 'order').length;
    });
  }
}
