import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { RepeatedWork } from '#libs/service';
import { ProcessRepository } from './process.repository.ts';
import { ProcessService } from './process.service.ts';

const INTERVAL_MS = 2_000;
const ORDERS_AT_ONCE = 500;

/** Tells orders that their deadline has passed. Several instances share the work. */
@Injectable()
export class DeadlinesService extends RepeatedWork {
  constructor(
    private readonly database: Database,
    private readonly processes: ProcessRepository,
    private readonly process: ProcessService,
  ) {
    super(INTERVAL_MS, 'deadlines not looked at');
  }

  protected override async work(): Promise<boolean> {
    return (await this.tell(await this.processes.now(this.database))) === ORDERS_AT_ONCE;
  }

  /** @returns how many orders were told, ORDERS_AT_ONCE at most */
  async tell(now: Date): Promise<number> {
    return this.database.transaction(async (transaction) => {
      const due = await this.processes.lockDue(transaction, now.toISOString(), ORDERS_AT_ONCE);
      await this.process.deliver(
        transaction,
        new Map(due.map(({ orderId, state }) => [orderId, state])),
        due.map(({ orderId, correlationId }) => ({
          orderId,
          message: { type: 'deadline-passed', now: now.toISOString() },
          cause: { correlationId },
        })),
      );
      return due.length;
    });
  }
}
