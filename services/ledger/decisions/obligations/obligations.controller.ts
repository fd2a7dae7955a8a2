import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Ordinal, StoredText } from '#libs/contracts';
import { decodeCursor, PageQuery, PathValue, pageOf } from '#libs/http';
import { Allow } from '../../policy.ts';
import { owedKey } from '../../sharing/memory/memory.ts';
import { ObligationEntryPage, ObligationPage, ObligationQuery } from './obligation.dto.ts';
import { ObligationRepository } from './obligation.repository.ts';

/** What makers have to pay to beneficiaries. Imposed and remitted by adjustments (POST /v1/adjustments/obligations). */
@ApiTags('obligations')
@Controller('v1/obligations')
export class ObligationsController {
  constructor(private readonly obligations: ObligationRepository) {}

  @Allow('obligation.read')
  @Get()
  @ApiOkResponse({ type: ObligationPage })
  async list(@Query() { debtor, beneficiary, cursor, limit }: ObligationQuery): Promise<ObligationPage> {
    const rows = await this.obligations.list({
      debtor,
      beneficiary,
      after: decodeCursor(cursor, StoredText),
      limit: limit + 1,
    });
    const { items, ...page } = pageOf(rows, limit, ({ key }) => key);
    return { items: items.map(({ key: _, ...obligation }) => obligation), ...page };
  }

  /** Every change of what one owes to the other, with the journal that made it. */
  @Allow('obligation.read')
  @Get(':debtor/:beneficiary/entries')
  @ApiOkResponse({ type: ObligationEntryPage })
  async entries(
    @PathValue('debtor', StoredText) debtor: string,
    @PathValue('beneficiary', StoredText) beneficiary: string,
    @Query() { cursor, limit }: PageQuery,
  ): Promise<ObligationEntryPage> {
    const key = owedKey(debtor, `${beneficiary}:payable`);
    const entries = await this.obligations.entries(key, decodeCursor(cursor, Ordinal) ?? 0, limit + 1);
    return pageOf(entries, limit, ({ version }) => String(version));
  }
}
