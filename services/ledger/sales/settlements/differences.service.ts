import { Injectable } from '@nestjs/common';
import { newId } from '#libs/messaging';
import type { Journal } from '../../books/journals/journal.ts';
import type { Books } from '../../books/open-books.repository.ts';
import { ReleasesService } from '../releases/releases.service.ts';
import { nothingHeld, type Sale } from '../sales/sale.ts';
import { differenceEntries } from './settlement.ts';

/** A sale whose settlements do not come to what its channel held, and what ends that. */
export interface Difference {
  readonly sale: Sale;
  /** ISO 8601 */
  readonly occurredAt: string;
  /** The refund after which what is left agrees, or the adjustment that two persons made. */
  readonly reference: string;
  /** What the journal's data say besides the sale. */
  readonly because: object;
}

/** Ends differences: what is left of a sale is variance, and what is pending becomes available. */
@Injectable()
export class DifferencesService {
  constructor(private readonly releases: ReleasesService) {}

  /** @returns journals to post, and the sales as they are then. The sales are locked. */
  async end(books: Books, differences: readonly Difference[]): Promise<{ journals: Journal[]; sales: Sale[] }> {
    const released = await this.releases.draft(
      books,
      differences.flatMap(({ sale, occurredAt }) =>
        sale.releasedBy === null ? [{ sale, occurredAt, because: { settlementId: settlementOf(sale) } }] : [],
      ),
    );
    const sales = differences.map(({ sale }): Sale => {
      const releasedBy = sale.releasedBy ?? released.get(sale.saleId)?.journalId ?? null;
      return { ...sale, held: nothingHeld, open: null, releasedBy };
    });
    return { journals: [...differences.flatMap((each) => journalOf(books, each)), ...released.values()], sales };
  }
}

/** None: nothing was left. */
function journalOf(books: Books, { sale, occurredAt, reference, because }: Difference): Journal[] {
  const { saleId, facilityId, channel, correlationId } = sale;
  const entries = differenceEntries(sale);
  if (entries.length === 0) return [];
  return [
    {
      journalId: newId(),
      facilityId,
      kind: 'difference',
      postedOn: books.dayOf(occurredAt),
      occurredAt,
      sourceEventId: newId(), // it has no event of its own
      sourceReference: reference,
      reverses: null,
      agreement: null,
      correlationId,
      source: { saleId, facilityId, channel, settlementId: settlementOf(sale), ...because },
      entries,
    },
  ];
}

function settlementOf({ saleId, open }: Sale): string {
  if (open === null) throw new RangeError(`nothing of ${saleId} is open`);
  return open.settlementId;
}
