import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#libs/database';
import { type ByPerson, decisionOf, isToDo, type Refusal } from '#libs/decisions';
import { notFound, Problem } from '#libs/http';
import { newId } from '#libs/messaging';
import { type Decision, lastDayOf, obstacle } from '../../books/calendar/month.ts';
import { firstOpenMonth } from '../../books/calendar/open-month.repository.ts';
import { postingDate } from '../../books/calendar/period.ts';
import { changeRules, closeAlone } from '../../books/calendar/rules-lock.repository.ts';
import { inSnapshot } from '../../books/snapshot.repository.ts';
import type { Close } from '../../decisions/closes/close.ts';
import { type OpenItems, objection, type Verified } from './checklist.ts';
import { CloseCheckService } from './close-check.service.ts';
import { ClosingService } from './closing.service.ts';
import type { RequestDto } from './period.dto.ts';
import { type PeriodDecision, PeriodRepository } from './period.repository.ts';

/** Months are closed and reopened: asked for by one person, approved by another. */
@Injectable()
export class PeriodsService {
  constructor(
    private readonly database: Database,
    private readonly periods: PeriodRepository,
    private readonly checks: CloseCheckService,
    private readonly closing: ClosingService,
  ) {}

  /** What is open until the end of a month now, and what the latest verification for its close has found, if there was one. */
  checklist(month: string): Promise<OpenItems & Partial<Verified>> {
    return inSnapshot(this.database, async (snapshot) => ({
      ...(await this.periods.openItems(snapshot, month)),
      ...(await this.periods.lastVerified(snapshot, month)),
    }));
  }

  /** For a close all books are verified, beside this: `status` tells when that is done. */
  async request(
    transaction: Transaction,
    decision: Decision,
    { by, reason }: ByPerson<RequestDto>,
  ): Promise<PeriodDecision> {
    await this.#requirePossible(transaction, decision);
    transaction.afterCommit(() => this.checks.checkAll());
    return this.periods.add(transaction, { ...decision, decisionId: newId(), reason, createdBy: by });
  }

  /**
   * A close first posts what it takes to the month's last day. Once approved, the month takes no entry: whoever is posting
   * is waited for, and held back for no longer than it takes to look at what was posted while the close was prepared.
   */
  async approve(decisionId: string, by: string): Promise<PeriodDecision> {
    await this.database.transaction(async (transaction) => {
      await closeAlone(transaction);
      const decision = await this.periods.find(transaction, decisionId);
      if (!decision) throw notFound('Decision', decisionId);
      if (!(await this.#isToApprove(transaction, decision, by))) return;
      const { month, action, createdBy: requestedBy } = decision;
      const close: Close = { decisionId, month, lastDay: lastDayOf(month), requestedBy, approvedBy: by };
      const prepared = action === 'close' ? await this.closing.prepare(transaction, close) : null;
      await changeRules(transaction);
      await this.#isToApprove(transaction, await this.#lock(transaction, decisionId), by); // it may be refused by now
      const journals = prepared && (await this.closing.post(transaction, close, prepared));
      await this.periods.approve(transaction, { decisionId, by, journals });
      if (action === 'reopen') await this.closing.reopen(transaction, close.lastDay);
    });
    return this.find(decisionId);
  }

  /** Withdraws or rejects what was asked for. */
  async refuse(decisionId: string, refusal: Refusal): Promise<PeriodDecision> {
    await this.database.transaction(async (transaction) => {
      await this.periods.refuse(transaction, await this.#lock(transaction, decisionId), refusal);
    });
    return this.find(decisionId);
  }

  async find(decisionId: string): Promise<PeriodDecision> {
    const found = await this.periods.find(this.database, decisionId);
    if (!found) throw notFound('Decision', decisionId);
    return found;
  }

  firstOpenMonth(): Promise<string | null> {
    return firstOpenMonth((sql, parameters) => this.database.query(sql, parameters));
  }

  list(after: string | undefined, limit: number): Promise<PeriodDecision[]> {
    return this.periods.list(this.database, after, limit);
  }

  /** @throws Problem (409) that says why it cannot be */
  async #isToApprove(transaction: Transaction, decision: PeriodDecision, by: string): Promise<boolean> {
    if (!isToDo(decisionOf(decision), 'approval', by)) return false;
    const objected = objection(decision, new Date());
    if (objected)
      throw conflict(objected.code === 'checking' ? 'Still checking' : 'Not to be closed', objected.message.en);
    await this.#requirePossible(transaction, decision);
    return true;
  }

  async #lock(transaction: Transaction, decisionId: string): Promise<PeriodDecision> {
    const found = await this.periods.lock(transaction, decisionId);
    if (!found) throw notFound('Decision', decisionId);
    return found;
  }

  async #requirePossible(transaction: Transaction, decision: Decision): Promise<void> {
    const today = postingDate(new Date().toISOString()).slice(0, 7);
    const detail = obstacle(decision, await firstOpenMonth(transaction.query), today);
    if (detail) throw conflict(`Cannot ${decision.action}`, detail);
  }
}

function conflict(title: string, detail: string): Problem {
  return new Problem({ status: 409, title, detail });
}
