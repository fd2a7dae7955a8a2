import { Injectable } from '@nestjs/common';
import { FacilityRegions } from '#libs/access';
import { Database, facilitiesInScope, type Transaction } from '#libs/database';
import type { NoteDto } from '#libs/decisions';
import { notFound } from '#libs/http';
import { ReconciliationService } from '../reconciliation/reconciliation.service.ts';
import type { ExceptionPage, ExceptionParameters, ExceptionQuery, ExceptionView } from './exception.dto.ts';
import { ExceptionRepository, type Position } from './exception.repository.ts';

/** What does not come right by itself, in the books that whoever asks may see. */
@Injectable()
export class ExceptionsService {
  constructor(
    private readonly database: Database,
    private readonly exceptions: ExceptionRepository,
    private readonly regions: FacilityRegions,
    private readonly reconciliation: ReconciliationService,
  ) {}

  /** One more than `limit`, if there are so many. */
  async page(
    { facilityId, region, kind, owner, days, limit }: ExceptionQuery,
    after: Position | undefined,
  ): Promise<Pick<ExceptionPage, 'kinds' | 'items'>> {
    const ofRegion = region === undefined ? null : await this.regions.facilitiesOf([region]);
    const facilities = [facilitiesInScope(), ofRegion, facilityId === undefined ? null : [facilityId]].reduce(
      (within, others) => (within && others ? within.filter((one) => others.includes(one)) : (within ?? others)),
    );
    if (kind === undefined || kind === 'break') await this.reconciliation.compare();
    return this.database.transaction((transaction) =>
      transaction.elevated(() =>
        this.exceptions.page(transaction, { facilities, kind, owner, days }, after, limit + 1),
      ),
    );
  }

  /** What is known of it, and who looks after it. @param by person id */
  note(
    transaction: Transaction,
    exception: ExceptionParameters,
    { owner, note }: NoteDto,
    by: string,
  ): Promise<ExceptionView> {
    const facilities = facilitiesInScope();
    return transaction.elevated(async () => {
      await this.#find(transaction, facilities, exception);
      await this.exceptions.note(transaction, { ...exception, owner, note, by });
      return this.#find(transaction, facilities, exception);
    });
  }

  async #find(
    transaction: Transaction,
    facilities: readonly string[] | null,
    exception: ExceptionParameters,
  ): Promise<ExceptionView> {
    const found = await this.exceptions.find(transaction, facilities, exception);
    if (!found) throw notFound('Exception', `${exception.kind} ${exception.reference}`);
    return found;
  }
}
