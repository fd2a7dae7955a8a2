import { Injectable } from '@nestjs/common';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { LocalDate } from '#libs/contracts';
import { Database } from '#libs/database';
import { decodeCursor, encodeCursor, jsonPosition } from '#libs/http';
import { postingDate } from '../../books/calendar/period.ts';
import { inSnapshot, type Snapshot } from '../../books/snapshot.repository.ts';
import { AskedFacilitiesRepository } from '../asked-facilities.repository.ts';
import type { FilledReport, Report } from '../reports/report.ts';
import type { EntryListQuery, EntryListView } from './entry-list.dto.ts';
import { type EntryFilter, EntryListRepository, type ListedEntry } from './entry-list.repository.ts';

/** More are not counted: nobody reads them one by one. */
const COUNTED_MAX = 5_000;

const whole = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** Which way a page goes, and beyond which entry. */
const Cursor = Type.Object({
  to: Type.Union([Type.Literal('next'), Type.Literal('previous')]),
  postedOn: Type.String(),
  facilityId: Type.String(),
  number: whole,
  accountId: whole,
  version: whole,
});
type Cursor = Static<typeof Cursor>;

const cursors = Compile(Cursor);
const CursorText = jsonPosition(isCursor);

function isCursor(value: unknown): boolean {
  return cursors.Check(value) && LocalDate.judge(value.postedOn).fault === undefined;
}

/** Entries of many accounts, a page of them or all. */
@Injectable()
export class EntryListService {
  constructor(
    private readonly database: Database,
    private readonly entries: EntryListRepository,
    private readonly facilities: AskedFacilitiesRepository,
  ) {}

  async page(query: EntryListQuery): Promise<EntryListView> {
    const filter = await this.#filterOf(query);
    const cursor = decodeCursor(query.cursor, CursorText);
    const beyond = cursor === undefined ? undefined : (JSON.parse(cursor) as Cursor);
    const isBackwards = beyond?.to === 'previous';
    const { limit } = query;
    const order = (query.order === 'asc') === isBackwards ? 'desc' : 'asc';
    return inSnapshot(this.database, async (snapshot) => {
      const rows = await this.entries.page(snapshot, filter, { beyond, order, limit: limit + 1 });
      const items = isBackwards ? rows.slice(0, limit).reverse() : rows.slice(0, limit);
      const [first, last, isMore] = [items[0], items.at(-1), rows.length > limit];
      const { count, debit, credit } = await this.entries.sums(snapshot, filter, COUNTED_MAX + 1);
      const isCounted = count <= COUNTED_MAX;
      return {
        opening: await this.#opening(snapshot, filter),
        items: items.map(({ number: _, accountId: __, ...item }) => item),
        count,
        debit: isCounted ? debit : null,
        credit: isCounted ? credit : null,
        ...(last && (isBackwards || isMore) && { nextCursor: cursorTo('next', last) }),
        ...(first && (isBackwards ? isMore : beyond) && { prevCursor: cursorTo('previous', first) }),
      };
    });
  }

  /** All that pages would show, as a file has them; within a snapshot that lasts until they are written. */
  async inReport(query: EntryListQuery, write: (report: FilledReport) => Promise<void>): Promise<void> {
    const filter = await this.#filterOf(query);
    const { facilityId, region, ownerKind, account, kind, agreement, saleId, from, to } = query;
    const asked = { facilityId, region, ownerKind, account, kind, agreement, saleId, from, to };
    const about = Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
    await inSnapshot(this.database, (snapshot) => {
      const rows = asRows(this.entries.all(snapshot, filter, query.order));
      return write({ ...report, name: 'entries', about: Object.fromEntries(about), rows });
    });
  }

  async #filterOf(query: EntryListQuery): Promise<EntryFilter> {
    const { facilityId, region, ownerKind, account, kind, agreement, saleId, from, to } = query;
    const facilities = await this.facilities.find({ facilityId, region });
    const journals = saleId === undefined ? undefined : await this.entries.journalsOf(saleId);
    return { facilities, ownerKind, account, kind, agreement, journals, from, to };
  }

  async #opening(snapshot: Snapshot, filter: EntryFilter): Promise<number | null> {
    const { account, ownerKind, kind, agreement, journals } = filter;
    if (account === undefined || [ownerKind, kind, agreement, journals].some((limit) => limit !== undefined))
      return null;
    return this.entries.opening(snapshot, account, filter);
  }
}

function cursorTo(to: Cursor['to'], entry: ListedEntry): string {
  const { postedOn, facilityId, number, accountId, version } = entry;
  return encodeCursor(JSON.stringify({ to, postedOn, facilityId, number, accountId, version } satisfies Cursor));
}

const report: Report = {
  title: { id: 'Ayat jurnal', en: 'Entries' },
  columns: [
    { key: 'postedOn', heading: { id: 'Tanggal', en: 'Posted on' }, type: 'date' },
    { key: 'kind', heading: { id: 'Jenis', en: 'Kind' }, type: 'text' },
    { key: 'facilityId', heading: { id: 'Satuan kerja', en: 'Facility' }, type: 'text' },
    { key: 'account', heading: { id: 'Akun', en: 'Account' }, type: 'text' },
    { key: 'version', heading: { id: 'Nomor', en: 'Number' }, type: 'count' },
    { key: 'sourceReference', heading: { id: 'Acuan', en: 'Reference' }, type: 'text' },
    { key: 'lineRef', heading: { id: 'Baris', en: 'Line' }, type: 'text' },
    { key: 'step', heading: { id: 'Langkah', en: 'Step' }, type: 'text' },
    { key: 'debit', heading: { id: 'Debit', en: 'Debit' }, type: 'rupiah', total: true },
    { key: 'credit', heading: { id: 'Kredit', en: 'Credit' }, type: 'rupiah', total: true },
    { key: 'balance', heading: { id: 'Saldo', en: 'Balance' }, type: 'rupiah' },
    { key: 'lateSince', heading: { id: 'Terlambat, terjadi', en: 'Late, occurred' }, type: 'date' },
    { key: 'journalId', heading: { id: 'Jurnal', en: 'Journal' }, type: 'text' },
  ],
};

async function* asRows(entries: AsyncIterable<ListedEntry>): FilledReport['rows'] {
  for await (const { amount, late, occurredAt, ...entry } of entries) {
    const { postedOn, kind, facilityId, account, version, sourceReference, lineRef, step, balance, journalId } = entry;
    yield {
      ...{ postedOn, kind, facilityId, account, version, sourceReference, lineRef, step, balance, journalId },
      debit: Math.max(amount, 0),
      credit: Math.max(-amount, 0),
      lateSince: late ? postingDate(occurredAt.toISOString()) : null,
    };
  }
}
