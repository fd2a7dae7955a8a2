import { createPublicKey, type KeyObject } from 'node:crypto';
import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Public } from '#libs/access';
import { LocalDate } from '#libs/contracts';
import { Database } from '#libs/database';
import { decodeCursor, PageQuery, pageOf } from '#libs/http';
import { inSnapshot } from '../../books/snapshot.repository.ts';
import { checkpointOf } from '../seals/checkpoint.repository.ts';
import { keysOfBooks } from '../seals/key-list.repository.ts';
import { pemOf } from '../seals/key-list.ts';
import { sealsAfter } from '../seals/seal.repository.ts';
import { publicKeyText } from '../seals/seal.ts';
import { SEAL_KEY } from '../seals/sealing.service.ts';
import { CheckpointView, KeyPage, SealPage } from './audit.dto.ts';

/** What an auditor takes away: seals and the key that made them. */
@ApiTags('audit')
@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly database: Database,
    @Inject(SEAL_KEY) private readonly key: KeyObject,
  ) {}

  /** The seals of all days that are over, from the oldest. */
  @Public()
  @Get('seals')
  @ApiOkResponse({ type: SealPage })
  async seals(@Query() { cursor, limit }: PageQuery): Promise<SealPage> {
    const query = this.database.query.bind(this.database);
    const seals = await sealsAfter(query, decodeCursor(cursor, LocalDate), limit + 1);
    return pageOf(seals, limit, ({ date }) => date);
  }

  /** Where the books stand now: the end of each chain, signed. Who keeps it can show that something was cut off later. */
  @Public()
  @Get('checkpoint')
  @ApiOkResponse({ type: CheckpointView })
  checkpoint(): Promise<CheckpointView> {
    return inSnapshot(this.database, ({ query }) => checkpointOf(query, this.key));
  }

  /** The keys that seal, from the first, each handed over to by the one before; empty before the first seal. */
  @Public()
  @Get('keys')
  @ApiOkResponse({ type: KeyPage })
  async keys(): Promise<KeyPage> {
    return { items: await keysOfBooks(this.database.query.bind(this.database)) };
  }

  /** The same keys as PEM, the current one first. Keep them, and compare them with what you have from elsewhere. */
  @Public()
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
