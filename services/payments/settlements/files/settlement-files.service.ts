import { Injectable } from '@nestjs/common';
import { fault } from '#libs/contracts';
import { Database } from '#libs/database';
import { Problem } from '#libs/http';
import type { Cause } from '#libs/messaging';
import { UnreadableTable } from '#libs/tables';
import { ExceptionRepository, type SettlementException } from '../../exceptions/exception.repository.ts';
import { walletOf } from '../settlement.ts';
import { ROWS_AT_ONCE, type SettlementFileDto, type SettlementFileView } from './settlement-file.dto.ts';
import { type ControlTotal, isBroken, type ReportedRow, readSettlementFile } from './settlement-file.ts';
import { type RowOutcome, type RowsOfChannel, SettlementRowsService } from './settlement-rows.service.ts';

const REFUSED_TOLD = 1_000;

/** What a file holds besides its rows. */
interface Surveyed {
  readonly skipped: number;
  readonly refused: number;
  readonly told: SettlementFileView['refused'];
  readonly totals: readonly ControlTotal[];
  readonly unknownColumns: readonly string[];
}

/** Carries a rehearsal's outcomes out of the transaction that it ends. */
class Rehearsed extends Error {
  constructor(readonly outcomes: readonly RowOutcome[]) {
    super('undone: it was a rehearsal');
  }
}

/** Takes files of channels' reports: read to their end before anything of them is taken. */
@Injectable()
export class SettlementFilesService {
  constructor(
    private readonly database: Database,
    private readonly rows: SettlementRowsService,
    private readonly exceptions: ExceptionRepository,
  ) {}

  async take(
    { channel, name, csv, xlsx, bank = walletOf(channel), dryRun = false, ...more }: SettlementFileDto,
    cause: Cause,
  ): Promise<SettlementFileView> {
    const bytes = csv === undefined ? Buffer.from(xlsx ?? '', 'base64') : Buffer.from(csv);
    const surveyed = await readable(() => survey(bytes));
    requireTotals(surveyed.totals);
    const counts = new Map<string, number>();
    let paidOut = 0;
    for await (const batch of batchesOf(bytes)) {
      const outcomes = await this.#takeRows({ ...more, channel, bank, rows: batch }, cause, dryRun);
      for (const [index, outcome] of outcomes.entries()) {
        counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
        const row = batch[index];
        if (outcome === 'taken' && row && row.type !== 'withdrawal') paidOut += row.paidOut;
      }
    }
    const [incomplete] = surveyed.totals;
    if (incomplete && !dryRun) await this.keepIncomplete(channel, { name, ...incomplete });
    const { skipped, refused, told, totals, unknownColumns } = surveyed;
    return {
      dryRun,
      rows: { ...Object.fromEntries(counts), refused, skipped },
      paidOut,
      totals,
      unknownColumns,
      refused: told,
    };
  }

  /** Rows that a command has read. */
  takeRows(
    { bank, ...rows }: Omit<RowsOfChannel, 'bank'> & { bank?: string },
    cause: Cause,
  ): Promise<readonly RowOutcome[]> {
    return this.#takeRows({ ...rows, bank: bank ?? walletOf(rows.channel) }, cause, false);
  }

  /** A file that holds less than it says is for people to ask its channel about. */
  async keepIncomplete(
    channel: string,
    { name, said, found }: { name: string; said: number; found: number },
  ): Promise<void> {
    const exception: SettlementException = {
      ...{ kind: 'file-incomplete', reference: `${channel}/${name}`, channel, detail: name, amount: said - found },
      content: { said, found },
    };
    await this.database.transaction((transaction) => this.exceptions.add(transaction, [exception]));
  }

  async #takeRows(batch: RowsOfChannel, cause: Cause, isRehearsal: boolean): Promise<readonly RowOutcome[]> {
    try {
      return await this.database.transaction(async (transaction) => {
        const outcomes = await this.rows.take(transaction, batch, cause);
        if (isRehearsal) throw new Rehearsed(outcomes);
        return outcomes;
      });
    } catch (error) {
      if (error instanceof Rehearsed) return error.outcomes;
      throw error;
    }
  }
}

async function survey(bytes: Buffer): Promise<Surveyed> {
  const told: SettlementFileView['refused'][number][] = [];
  const totals: ControlTotal[] = [];
  const unknownColumns: string[] = [];
  let [skipped, refused] = [0, 0];
  for await (const item of readSettlementFile(bytes)) {
    if (item.is === 'skipped') skipped += 1;
    if (item.is === 'control') totals.push(item.total);
    if (item.is === 'unknown-column') unknownColumns.push(item.column);
    if (item.is !== 'refused') continue;
    refused += 1;
    const { sheet, line, faults } = item.refused;
    if (told.length >= REFUSED_TOLD) continue;
    told.push(
      ...faults.map(({ column, code, message }) => {
        return { ...(sheet !== undefined && { sheet }), line, ...(column !== undefined && { column }), code, message };
      }),
    );
  }
  return { skipped, refused, told, totals, unknownColumns };
}

async function* batchesOf(bytes: Buffer): AsyncGenerator<ReportedRow[]> {
  let batch: ReportedRow[] = [];
  for await (const item of readSettlementFile(bytes)) {
    if (item.is !== 'row') continue;
    batch.push(item.row);
    if (batch.length < ROWS_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** @throws Problem (422) of a file that is no report */
async function readable<Of>(work: () => Promise<Of>): Promise<Of> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnreadableTable)) throw error;
    const { id, en } = error.sentence;
    throw new Problem({
      status: 422,
      title: 'Not readable',
      errors: [{ field: 'file', ...fault('unreadable', en, id) }],
    });
  }
}

/** @throws Problem (422) if the file does not hold what it says, in any way but that a part of it is not there */
function requireTotals(totals: readonly ControlTotal[]): void {
  const errors = totals.filter(isBroken).map(differing);
  if (errors.length > 0) throw new Problem({ status: 422, title: 'Not what it says that it holds', errors });
}

function differing({ of, said, found }: ControlTotal) {
  return {
    field: 'file',
    ...fault(
      'total-differs',
      `says ${said} in its ${of === 'summary' ? 'summary' : 'total row'}, and its rows come to ${found}`,
      `menyebut ${said} pada ${of === 'summary' ? 'ringkasan' : 'baris total'}, sedangkan baris-barisnya berjumlah ${found}`,
      { said, found },
    ),
  };
}
