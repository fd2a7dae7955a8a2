import { createPublicKey, type KeyObject } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { Controller, Get, Header, Inject, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { LocalDate } from '#libs/contracts';
import { Database } from '#libs/database';
import { decodeCursor, PageQuery, pageOf, sendStream } from '#libs/http';
import { inSnapshot, type Snapshot, VERIFICATION_STATEMENT_MS } from '../../books/snapshot.repository.ts';
import { checkpointOf } from '../seals/checkpoint.repository.ts';
import { keysOfBooks } from '../seals/key-list.repository.ts';
import { pemOf } from '../seals/key-list.ts';
import { sealsAfter } from '../seals/seal.repository.ts';
import { publicKeyText } from '../seals/seal.ts';
import { SEAL_KEY } from '../seals/sealing.service.ts';
import { CheckpointView, KeyPage, SealPage, VerifyQuery } from './audit.dto.ts';
import { outsideOf } from './outside.ts';
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
    const seals = await sealsAfter(query, decodeCursor(cursor, LocalDate), limit + 1);
    return pageOf(seals, limit, ({ date }) => date);
  }

  /**
   * Checks all books as they are now: one JSON object a line, first whose signatures are `trusted`, `progress` every two
   * seconds, each `fault` (the row that is wrong, and why), and at the end the `result`. Without a result it has not been
   * checked to the end.
   */
  @Get('verify')
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({ schema: { type: 'string' } })
  async verify(@Query() { key }: VerifyQuery, @Res() response: Response): Promise<void> {
    const own = outsideOf(process.env);
    const outside = key ? { ...own, trusted: new Map([[key, 'this request']]) } : own;
    const lines = new PassThrough();
    const tell = (line: ReportLine): void => void lines.write(`${JSON.stringify(line)}\n`);
    const verify = ({ query }: Snapshot) => reportOf(outside, (checked) => verifyBooks(query, checked, outside), tell);
    inSnapshot(this.database, verify, VERIFICATION_STATEMENT_MS).then(
      () => lines.end(),
      (error) => lines.destroy(error),
    );
    await sendStream(response, { name: 'verification.ndjson', type: 'application/x-ndjson' }, lines);
  }

  /** Where the books stand now: the end of each chain, signed. Who keeps it can show that something was cut off later. */
  @Get('checkpoint')
  @ApiOkResponse({ type: CheckpointView })
  checkpoint(): Promise<CheckpointView> {
    return inSnapshot(this.database, ({ query }) => checkpointOf(query, this.key));
  }

  /** The keys that seal, from the first, each handed over to by the one before; empty before the first seal. */
  @Get('keys')
  @ApiOkResponse({ type: KeyPage })
  async keys(): Promise<KeyPage> {
    return { items: await keysOfBooks(this.database.query.bind(this.database)) };
  }

  /** The same keys as PEM, the current one first. Keep them, and compare them with what you have from elsewhere. */
  @Get('public-key')
  @Header('content-type', 'application/x-pem-file')
  @ApiProduces('application/x-pem-file')
  @ApiOkResponse({ schema: { type: 'string' } })
  async publicKey(): Promise<string> {
    const own = publicKeyText(createPublicKey(this.key));
    const { items } = await this.keys();
    return pemOf([...new Set([...items.map(({ publicKey }) => publicKey), own])]);
  }
}
