import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Database } from '#libs/database';
import { OneAtATime, sendStream } from '#libs/http';
import { inSnapshot, type Snapshot } from '../../books/snapshot.repository.ts';
import { Allow } from '../../policy.ts';
import { beancount } from './beancount.ts';
import type { BookFormat } from './book.ts';
import { ExportRepository } from './export.repository.ts';
import { hledger } from './hledger.ts';

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
  @Allow('books.export')
  @OneAtATime()
  @Get('hledger')
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  hledger(@Res() response: Response): Promise<void> {
    return this.#send(hledger, response);
  }

  /** The same as a file of beancount, whose account names lead back to our codes (docs/LEDGER.md). */
  @Allow('books.export')
  @OneAtATime()
  @Get('beancount')
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  beancount(@Res() response: Response): Promise<void> {
    return this.#send(beancount, response);
  }

  #send(format: BookFormat, response: Response): Promise<void> {
    const file = { name: format.fileName, type: 'text/plain; charset=utf-8' };
    return inSnapshot(this.database, (snapshot) => sendStream(response, file, this.#written(format, snapshot)));
  }

  async *#written(format: BookFormat, snapshot: Snapshot): AsyncGenerator<string> {
    const book = await this.exports.book(snapshot);
    yield format.opening(book);
    let last: string | undefined;
    for (;;) {
      const journals = await this.exports.journalsAfter(snapshot, last, CHUNK_JOURNALS);
      if (journals.length === 0) break;
      yield journals.map(format.journal).join('');
      last = journals.at(-1)?.journalId;
    }
    yield format.closing(book);
  }
}
