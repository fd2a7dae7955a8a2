import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Database } from '#libs/database';
import { inSnapshot, type Snapshot } from '../snapshot.ts';
import { ExportRepository } from './export.repository.ts';
import { declarations, transaction } from './hledger.ts';

/** Journals read at once: memory stays flat however large the books are. */
const CHUNK_JOURNALS = 2_000;

@ApiTags('exports')
@Controller('v1/exports')
export class ExportsController {
  constructor(
    private readonly database: Database,
    private readonly exports: ExportRepository,
  ) {}

  /** All books at one moment, as a journal that hledger reads; streamed. An answer that breaks off is incomplete. */
  @Get('hledger')
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async hledger(@Res() response: Response): Promise<void> {
    response.type('text/plain; charset=utf-8').attachment('pasindo.journal');
    await inSnapshot(this.database, (snapshot) => pipeline(Readable.from(this.#journal(snapshot)), response)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error; // the reader went away
      },
    );
  }

  async *#journal(snapshot: Snapshot): AsyncGenerator<string> {
    yield declarations(await this.exports.accounts(snapshot));
    let last: string | undefined;
    for (;;) {
      const journals = await this.exports.journalsAfter(snapshot, last, CHUNK_JOURNALS);
      if (journals.length === 0) return;
      yield journals.map(transaction).join('');
      last = journals.at(-1)?.journalId;
    }
  }
}
