import { Injectable } from '@nestjs/common';
import { fault, orderIdOf, type SalePaid, saleIdOf } from '#libs/contracts';
import { notFound, Problem } from '#libs/http';
import { postingDate } from '../../books/calendar/period.ts';
import { JournalRepository } from '../../books/journals/journal.repository.ts';
import type { Agreement } from '../../sharing/agreements/agreement.ts';
import { AgreementsService } from '../../sharing/agreements/agreements.service.ts';
import type { FlowLineView } from '../flows/flow.dto.ts';
import { flowsOf } from '../flows/flow-view.ts';
import { explainSale } from '../recompute/explanation.ts';
import type { ExampleDto, LintDto, LintView } from './lint.dto.ts';

const ONE_OF_THEM = fault('one-of-several', 'is given without example', 'diberikan tanpa example');
const NOT_SHAREABLE = fault('not-shareable', 'is more money than there is', 'melebihi uang yang ada');

/** What a draft that nobody has kept yet would do: what is wrong with it, and how it would share a sale. */
@Injectable()
export class LintService {
  constructor(
    private readonly agreements: AgreementsService,
    private readonly journals: JournalRepository,
  ) {}

  async lint({ example, saleId, ...draft }: LintDto): Promise<LintView> {
    if (example && saleId !== undefined) throw invalid('saleId', ONE_OF_THEM);
    const { agreement, problems, warnings } = await this.agreements.lint(draft);
    const sale = example ? exampleOf(example, draft) : await this.#sold(saleId);
    return { problems, warnings, lines: agreement && sale ? sharedBy(agreement, sale) : [] };
  }

  /** @throws Problem 404: it is not in the books */
  async #sold(saleId: string | undefined): Promise<SalePaid | undefined> {
    if (saleId === undefined) return undefined;
    const [journal] = await this.journals.list({ saleId, kinds: ['sale'], limit: 1 });
    if (!journal) throw notFound('Sale', saleId);
    return journal.source as SalePaid;
  }
}

/** As if it were all that was ever shared: what the agreement remembers begins at nothing. */
function sharedBy(agreement: Agreement, sale: SalePaid): FlowLineView[] {
  const agreements = new Map(sale.lines.map(({ lineRef }) => [lineRef, agreement]));
  try {
    const journal = { sale, ...explainSale(sale, { agreements, postedOn: postingDate(sale.placedAt), memory: null }) };
    const entries = journal.entries.map((entry, index) => ({
      ...entry,
      accountVersion: index + 1,
      runningBalance: null,
    }));
    return flowsOf(journal, entries).map((line) => ({
      ...line,
      nodes: line.nodes.map((node) => ({ ...node, version: null })), // it is in nobody's account
    }));
  } catch (error) {
    throw error instanceof RangeError ? invalid('example', NOT_SHAREABLE) : error;
  }
}

/** Of a facility and a channel that are named as what they are: an example. */
function exampleOf({ measure, contributions, unitCost, ...line }: ExampleDto, { scope }: LintDto): SalePaid {
  const order = { channel: 'contoh', orderRef: '1' };
  const orderId = orderIdOf(order);
  const facilityId = (scope.level === 'facility' && scope.id) || 'CONTOH';
  const portions = [{ lotId: 'CONTOH', quantity: line.quantity, unitCost, measure, contributions: [...contributions] }];
  return {
    ...{ ...order, orderId, saleId: saleIdOf(orderId, facilityId), facilityId, placedAt: new Date().toISOString() },
    lines: [{ ...line, lineRef: '1', sku: (scope.level === 'product' && scope.id) || 'CONTOH', discount: 0, portions }],
  };
}

function invalid(field: string, wrong: typeof ONE_OF_THEM): Problem {
  return new Problem({ status: 400, title: 'Invalid request', errors: [{ field, ...wrong }] });
}
