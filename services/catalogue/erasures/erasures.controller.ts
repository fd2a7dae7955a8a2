import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { By } from '#libs/access';
import { fault, MakerId, StoredText } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { Decides, type Decision, isToDo } from '#libs/decisions';
import { decodeCursor, notFound, PageQuery, PathValue, Problem, pageOf } from '#libs/http';
import { MakerRepository } from '../makers/maker.repository.ts';
import { PersonKeyRepository } from '../person-keys/person-key.repository.ts';
import { forget } from '../persons/person.repository.ts';
import { Allow } from '../policy.ts';
import { DueErasurePage, ErasureDto, ErasureView } from './erasure.dto.ts';
import { type Erasure, ErasureRepository } from './erasure.repository.ts';

/** How long a backup of the keys is kept, at most. */
const KEY_BACKUP_MS = 30 * 86_400_000;

/** What tells who a maker is is erased by two privacy officers. The books stay, under the pseudonym. */
@ApiTags('makers')
@Controller('v1')
export class ErasuresController {
  constructor(
    private readonly database: Database,
    private readonly makers: MakerRepository,
    private readonly keys: PersonKeyRepository,
    private readonly erasures: ErasureRepository,
  ) {}

  /** Whose names need not be kept any longer: released two years ago, and owed nothing when the ledger told it. */
  @Allow('erasure.list')
  @Get('erasures/due')
  @ApiOkResponse({ type: DueErasurePage })
  async due(@Query() { cursor, limit }: PageQuery): Promise<DueErasurePage> {
    const rows = await this.erasures.due(decodeCursor(cursor, StoredText) ?? '', limit + 1);
    return pageOf(rows, limit, ({ makerId }) => makerId);
  }

  @Allow('erasure.ask')
  @Post('makers/:makerId/erasure')
  @HttpCode(200)
  @ApiOkResponse({ type: ErasureView })
  @ApiNotFoundResponse()
  @ApiUnprocessableEntityResponse({ description: 'the maker is owed something' })
  async ask(
    @PathValue('makerId', MakerId) makerId: string,
    @By() by: string,
    @Body() { reason, nothingOwed }: ErasureDto,
  ): Promise<ErasureView> {
    if (!nothingOwed) {
      const wrong = fault('owed', 'must be true: pay what is owed before', 'harus true: bayarkan dulu yang terutang');
      throw new Problem({ status: 422, title: 'Something is owed', errors: [{ field: 'nothingOwed', ...wrong }] });
    }
    if (!(await this.makers.isKnown(makerId))) throw notFound('Maker', makerId);
    return viewOf(
      await this.database.transaction((transaction) => this.erasures.ask(transaction, { makerId, reason, by })),
    );
  }

  /** Erases. The key goes first: whatever fails afterwards, nothing can be opened any more, and it can be said again. */
  @Allow('erasure.approve')
  @Decides('approval', 'makers/:makerId/erasure', ErasureView)
  approve(@PathValue('makerId', MakerId) makerId: string, @By() by: string): Promise<ErasureView> {
    return this.database.transaction(async (transaction) => {
      const erasure = await this.#locked(transaction, makerId);
      if (!isToDo(decisionOf(erasure), 'approval', by)) return viewOf(erasure);
      const erasedAt = await this.keys.erase(makerId);
      await forget(transaction, makerId);
      return viewOf(await this.erasures.approve(transaction, makerId, by, erasedAt));
    });
  }

  /** Who asked takes it back, as long as nothing is erased. */
  @Allow('erasure.ask')
  @Decides('withdrawal', 'makers/:makerId/erasure', ErasureView, { conflict: 'erased already' })
  withdraw(@PathValue('makerId', MakerId) makerId: string, @By() by: string): Promise<ErasureView> {
    return this.database.transaction(async (transaction) => {
      const erasure = await this.#locked(transaction, makerId);
      if (!isToDo(decisionOf(erasure), 'withdrawal', by)) return viewOf(erasure);
      const { erased } = await this.keys.of([makerId]);
      if (erased.has(makerId)) {
        const detail = 'The key is gone, and only its approval is still to be said again.';
        throw new Problem({ status: 409, title: 'Already erased', detail });
      }
      return viewOf(await this.erasures.withdraw(transaction, makerId));
    });
  }

  async #locked(transaction: Transaction, makerId: string): Promise<Erasure> {
    const erasure = await this.erasures.lock(transaction, makerId);
    if (!erasure) throw notFound('Erasure', makerId);
    return erasure;
  }
}

function decisionOf({ askedBy, approvedBy, withdrawnAt }: Erasure): Decision {
  const status = approvedBy !== null ? 'approved' : withdrawnAt !== null ? 'withdrawn' : 'draft';
  return { status, draftedBy: askedBy, decidedBy: approvedBy };
}

function viewOf(erasure: Erasure): ErasureView {
  const { erasedAt } = erasure;
  return { ...erasure, completeAt: erasedAt && new Date(erasedAt.getTime() + KEY_BACKUP_MS) };
}
