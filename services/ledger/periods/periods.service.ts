import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#libs/database';
import { notFound, Problem } from '#libs/http';
import { newId } from '#libs/messaging';
import { postingDate } from '../agreements/period.ts';
import { isApprovedBy } from '../approval.ts';
import { verifyBooks } from '../audit/verification.repository.ts';
import type { Fault } from '../audit/verification.ts';
import { changeRules } from '../rules-lock.ts';
import { inSnapshot } from '../snapshot.ts';
import { type Checklist, forbidding, isUnexplained, type Listed } from './checklist.ts';
import type { Close } from './close.ts';
import { ClosingService } from './closing.service.ts';
import { type Decision, lastDayOf, obstacle } from './month.ts';
import { firstOpenMonth } from './open-month.repository.ts';
import type { RequestDto } from './period.dto.ts';
import { type PeriodDecision, PeriodRepository } from './period.repository.ts';

/** Faults that a list names; a verification ends there. */
const FAULTS_MAX = 100;

/** Months are closed and reopened: asked for by one person, approved by another. */
@Injectable()
export class PeriodsService {
  constructor(
    private readonly database: Database,
    private readonly periods: PeriodRepository,
    private readonly closing: ClosingService,
  ) {}

  /** What is open until the end of a month, and what is wrong in the books: these are verified whole. */
  checklist(month: string): Promise<Checklist> {
    return inSnapshot(this.database, async (snapshot) => {
      const items = await this.periods.openItems(snapshot, month);
      const checked = { journals: 0, explained: 0, entries: 0, accounts: 0, saleLines: 0, seals: 0 };
      const faults: Fault[] = [];
      for await (const fault of verifyBooks(snapshot.query, checked)) {
        faults.push(fault);
        if (faults.length === FAULTS_MAX) break;
      }
      return {
        ...items,
        unexplained: listed(faults.filter(isUnexplained)),
        unbalanced: listed(faults.filter((fault) => !isUnexplained(fault))),
      };
    });
  }

  /** @param checklist of a close; null for a reopening */
  async request(
    transaction: Transaction,
    decision: Decision,
    { by, reason }: RequestDto,
    checklist: Checklist | null,
  ): Promise<PeriodDecision> {
    await this.#requirePossible(transaction, decision);
    const found = checklist ? forbidding(checklist) : [];
    if (found.length > 0) {
      throw new Problem({ status: 409, title: 'Books not sound', detail: `${found.join(', ')}: see the checklist.` });
    }
    return this.periods.add(transaction, { ...decision, decisionId: newId(), reason, checklist, requestedBy: by });
  }

  /**
   * A close first posts what it takes to the month's last day. Once approved, the month takes no entry: whoever is posting
   * is waited for.
   */
  async approve(decisionId: string, by: string): Promise<PeriodDecision> {
    await this.database.transaction(async (transaction) => {
      await changeRules(transaction);
      const decision = await this.periods.find(transaction, decisionId);
      if (!decision) throw notFound('Decision', decisionId);
      if (isApprovedBy(decision.approvedBy, by)) return;
      if (decision.requestedBy === by) {
        throw new Problem({ status: 403, title: 'Not by who asked for it', detail: 'Another person has to approve.' });
      }
      await this.#requirePossible(transaction, decision);
      const { month, action, requestedBy } = decision;
      const close: Close = { decisionId, month, lastDay: lastDayOf(month), requestedBy, approvedBy: by };
      const journals = action === 'close' ? await this.closing.post(transaction, close) : null;
      await this.periods.approve(transaction, { decisionId, by, journals });
    });
    return (await this.periods.find(this.database, decisionId)) as PeriodDecision;
  }

  firstOpenMonth(): Promise<string | null> {
    return firstOpenMonth((sql, parameters) => this.database.query(sql, parameters));
  }

  list(after: string | undefined, limit: number): Promise<PeriodDecision[]> {
    return this.periods.list(this.database, after, limit);
  }

  async #requirePossible(transaction: Transaction, decision: Decision): Promise<void> {
    const today = postingDate(new Date().toISOString()).slice(0, 7);
    const detail = obstacle(decision, await firstOpenMonth(transaction.query), today);
    if (detail) throw new Problem({ status: 409, title: `Cannot ${decision.action}`, detail });
  }
}

function listed(faults: readonly Fault[]): Listed<Fault> {
  return { count: faults.length, first: faults };
}
