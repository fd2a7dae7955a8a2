import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { type Cause, newEvent, Outbox } from '#libs/messaging';
import { PaymentRepository } from './payment.repository.ts';
import { type Payment, type PaymentMessage, transition } from './payment.ts';

/** A message for the payment of one order, and what caused it. */
export interface Notice {
  readonly orderId: string;
  readonly message: PaymentMessage;
  readonly cause: Cause;
}

/** A message that contradicts what is known about a payment. Nothing was changed. */
export class RefusedNotice extends Error {
  override readonly name = 'RefusedNotice';

  constructor(
    readonly orderId: string,
    readonly reason: string,
    /** What is known; nothing if the order is unknown. */
    readonly payment: Payment | undefined,
  ) {
    super(`${orderId}: ${reason}`);
  }
}

@Injectable()
export class PaymentsService {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Applies messages in their order and publishes what follows, in a fixed number of statements.
   * @returns the payments of all orders named, as they are now
   * @throws RefusedNotice at the first message that is refused: the caller's transaction must not be committed
   */
  async apply(transaction: Transaction, notices: readonly Notice[]): Promise<Map<string, Payment>> {
    const stored = await this.payments.lock(transaction, [...new Set(notices.map(({ orderId }) => orderId))]);
    const payments = new Map(stored);
    const events = notices.flatMap(({ orderId, message, cause }) => {
      const payment = payments.get(orderId);
      const outcome = transition(payment, message);
      if ('refused' in outcome) throw new RefusedNotice(orderId, outcome.refused, payment);
      payments.set(orderId, outcome.payment);
      return outcome.facts.map(({ definition, data, correlationId }) =>
        newEvent(definition, data, { ...cause, correlationId }),
      );
    });
    const changed = [...payments.values()].filter((payment) => payment !== stored.get(payment.orderId));
    await this.payments.save(transaction, changed);
    await this.outbox.append(transaction, events);
    return payments;
  }
}
