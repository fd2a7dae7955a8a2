import { createPublicKey, type KeyObject } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { Controller, Get, Header, Inject, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Database } from '#libs/database';
import { decodeCursor, PageQuery, pageOf, sendStream } from '#libs/http';
import { inSnapshot, type Snapshot, VERIFICATION_STATEMENT_MS } from '../snapshot.ts';
import { SealPage } from './audit.dto.ts';
import { sealsAfter } from './seal.repository.ts';
import { SEAL_KEY } from './sealing.service.ts';
import { verifyBooks } from './verification.repository.ts';
import { type ReportLine, reportOf } from './verification-report.ts';

/** What an auditor takes away: seals and the key that made them. */
@ApiTags('audit')
@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly database: Database,
    @Inject(SEAL_KEY) private readonly key: KeyObject,
  ) {}

  /** The seals of all days that are over, from the oldest. */
  @Get('seals')
  @ApiOkResponse({ type: SealPage })
  async seals(@Query() { cursor, limit }: PageQuery): Promise<SealPage> {
    const query = this.database.query.bind(this.database);
    const seals = await sealsAfter(query, decodeCursor(cursor), limit + 1);
    return pageOf(seals, limit, ({ date }) => date);
  }

  /**
   * Checks all books as they are now: one JSON object a line, `progress` every two seconds, each `fault` (the row that is
   * wrong, and why), and at the end the `result`. Without a result it has not been checked to the end.
   */
  @Get('verify')
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({ schema: { type: 'string' } })
  async verify(@Res() response: Response): Promise<void> {
    const lines = new PassThrough();
    const tell = (line: ReportLine): void => void lines.write(`${JSON.stringify(line)}\n`);
    const verify = ({ query }: Snapshot) => reportOf((checked) => verifyBooks(query, checked), tell);
    inSnapshot(this.database, verify, VERIFICATION_STATEMENT_MS).then(
      () => lines.end(),
      (error) => lines.destroy(error),
    );
    await sendStream(response, { name: 'verification.ndjson', type: 'application/x-ndjson' }, lines);
  }

  /** The key that seals are checked with now. Keep it, and compare it with one that you have from elsewhere. */
  @Get('public-key')
  @Header('content-type', 'application/x-pem-file')
  @ApiProduces('application/x-pem-file')
  @ApiOkResponse({ schema: { type: 'string' } })
  publicKey(): string {
    return createPublicKey(this.key).export({ format: 'pem', type: 'spki' }).toString();
  }
}
