import { Injectable } from '@nestjs/common';
import {
  chargeBorne,
  type Event,
  type EventDefinition,
  moneyHeld,
  salePaid,
  saleRefunded,
  saleSettled,
  type WalletWithdrawn,
  walletWithdrawn,
} from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { decisionOf, isToDo, type Refusal } from '#libs/decisions';
import { notFound, Problem } from '#libs/http';
import { newEvent } from '#libs/messaging';
import { WithdrawalsService } from '../withdrawals/withdrawals.service.ts';
import { openBooksFor } from './event-posting.service.ts';
import { type ListedRefusedEvent, RefusedEventRepository, type Resolution } from './refused-event.repository.ts';
import { type SaleEvent, SaleEventsService } from './sale-events.service.ts';

const AT_ONCE_MAX = 1_000;
/** Of what is told of sales and wallets; what a bank answered about a payout is not posted twice. */
const REDRIVEN = [salePaid, saleRefunded, saleSettled, moneyHeld, chargeBorne, walletWithdrawn];

/** What people do about events that the books refused. */
@Injectable()
export class RefusedEventsService {
  constructor(
    private readonly database: Database,
    private readonly refusedEvents: RefusedEventRepository,
    private readonly sales: SaleEventsService,
    private readonly withdrawals: WithdrawalsService,
  ) {}

  /** Posts it as if it came now: what was missing may have come since. Refused again, it stays as it is. */
  async redrive(transaction: Transaction, eventId: string, reason: string, by: string): Promise<ListedRefusedEvent> {
    const refused = await this.#lock(transaction, eventId);
    const { resolution } = refused;
    if (resolution?.action === 'redrive') return refused;
    if (resolution) throw conflict('To be discarded', 'Somebody drafted that it is discarded, or it is.');
    const definition = REDRIVEN.find(({ type }) => type === refused.type);
    if (!definition) throw conflict('Not to be posted again', `Nothing posts ${refused.type} a second time.`);
    const { correlationId, data } = refused;
    const event = newEvent(definition as EventDefinition<Redriven['data']>, data as never, { correlationId });
    if (isWithdrawal(event)) await this.withdrawals.withdraw(transaction, [event]);
    else await this.sales.post(await openBooksFor(transaction, [event as SaleEvent]), [event as SaleEvent]);
    const again = await this.#refusal(transaction, event.id);
    if (again) throw conflict('Refused again', `The books refuse it still: ${again}.`); // and nothing of it is done
    await this.refusedEvents.redriven(transaction, eventId, reason, by);
    return this.#lock(transaction, eventId);
  }

  /** What was refused for want of an agreement, before such sales were held, is held now, or posted. */
  async holdWithoutAgreement(): Promise<void> {
    const refused = await this.refusedEvents.withoutAgreement(this.database, AT_ONCE_MAX);
    await this.#redriveAll(refused, 'sales without an agreement are held');
  }

  /** What was withdrawn from a wallet before it had come there, and has come since, is posted. */
  async withdrawWhatHasCome(): Promise<void> {
    const refused = await this.refusedEvents.withinWallet(this.database, AT_ONCE_MAX);
    await this.#redriveAll(refused, 'it has come to the wallet');
  }

  async #redriveAll(refused: readonly { readonly eventId: string }[], reason: string): Promise<void> {
    for (const { eventId } of refused) {
      try {
        await this.database.transaction((transaction) => this.redrive(transaction, eventId, reason, 'ledger'));
      } catch (error) {
        if (!(error instanceof Problem)) throw error; // refused again: people see to it
      }
    }
  }

  async draftDiscard(
    transaction: Transaction,
    eventId: string,
    reason: string,
    by: string,
  ): Promise<ListedRefusedEvent> {
    const { resolution } = await this.#lock(transaction, eventId);
    if (resolution) throw conflict('Done already', 'Somebody has redriven it, or drafted that it is discarded.');
    await this.refusedEvents.draftDiscard(transaction, eventId, reason, by);
    return this.#lock(transaction, eventId);
  }

  /** It stays where it is, and is nobody's work any more. */
  async approveDiscard(transaction: Transaction, eventId: string, by: string): Promise<ListedRefusedEvent> {
    const draft = await this.#discardOf(transaction, eventId);
    if (isToDo(decisionOf(draft), 'approval', by)) await this.refusedEvents.approveDiscard(transaction, draft, by);
    return this.#lock(transaction, eventId);
  }

  async refuseDiscard(transaction: Transaction, eventId: string, refusal: Refusal): Promise<ListedRefusedEvent> {
    await this.refusedEvents.refuseDiscard(transaction, await this.#discardOf(transaction, eventId), refusal);
    return this.#lock(transaction, eventId);
  }

  async #discardOf(transaction: Transaction, eventId: string): Promise<Resolution> {
    const { resolution } = await this.#lock(transaction, eventId);
    if (resolution?.action !== 'discard') throw conflict('Nothing to decide', 'Nobody drafted that it is discarded.');
    return resolution;
  }

  async #refusal(transaction: Transaction, eventId: string): Promise<string | undefined> {
    return (await this.refusedEvents.lock(transaction, eventId))?.reason;
  }

  async #lock(transaction: Transaction, eventId: string): Promise<ListedRefusedEvent> {
    const found = await this.refusedEvents.lock(transaction, eventId);
    if (!found) throw notFound('Refused event', eventId);
    return found;
  }
}

type Redriven = Event<SaleEvent['data'] | WalletWithdrawn>;

function isWithdrawal(event: Redriven): event is Event<WalletWithdrawn> {
  return event.type === walletWithdrawn.type;
}

function conflict(title: string, detail: string): Problem {
  return new Problem({ status: 409, title, detail });
}
