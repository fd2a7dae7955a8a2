import type { SaleSettled } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import type { Rupiah } from '#libs/money';
import { accountOfCode } from '../../books/accounts/account.ts';
import { lastDayOf } from '../../books/calendar/month.ts';
import type { Entry } from '../../books/journals/journal.ts';
import { type JournalKind, kindOf } from '../../books/journals/kind.ts';
import type { AdjustmentEntry } from '../../decisions/adjustments/adjustment.ts';
import type { MakerEventSource } from '../../decisions/maker-events/maker-event.ts';
import type { HoldSource } from '../../sales/holds/hold.ts';
import type { Pending } from '../../sales/releases/release.ts';
import type { OpenSettlement } from '../../sales/sales/sale.ts';
import { SALE_LINES } from '../../sales/sales/sale-line.columns.ts';
import { openOf, type SettledStep } from '../../sales/settlements/settlement.ts';
import type { CausedJournal, Draft, Evidence, ProposedItem } from './cause.ts';

type Query = Transaction['query'];

/** What the rest of the books say about the causes of these journals, by journal id; a fixed number of statements. */
export async function evidenceOf(query: Query, journals: readonly CausedJournal[]): Promise<Map<string, Evidence>> {
  const ofKind = (...kinds: JournalKind[]) => journals.filter((journal) => kinds.includes(kindOf(journal)));
  const aboutSales = ofKind('settlement', 'difference', 'release');
  const [before, agreements, reports] = await salesBehind(query, aboutSales);
  const owed = await owedBefore(query, ofKind('release'));
  const items = await itemsOf(query, ofKind('payout', 'payout-failed'));
  const drafts = await draftsOf(query, ofKind('correction', 'opening', 'write-off', 'obligation'));
  const wallets = await walletsBefore(query, ofKind('withdrawal'));
  const holds = await holdsBehind(query, ofKind('held-cleared'));
  const variances = await variancesBefore(query, ofKind('variance'));
  const kept = await keptBefore(query, ofKind('release-of-savings', 'merge'));
  return new Map(
    journals.map((journal) => {
      const { journalId, number, source } = journal;
      const { saleId = '', itemId = '', adjustmentId = '' } = source as Record<string, string>;
      const evidence: Evidence = {
        before: aboutSales.includes(journal) ? (before.get(saleId) ?? []).filter((entry) => entry.number < number) : [],
        open: openBefore(number, before.get(saleId) ?? [], reports.get(saleId) ?? []),
        agreements: agreements.get(saleId) ?? new Map(),
        owed: owed.get(journalId) ?? new Map(),
        item: items.get(itemId) ?? null,
        draft: drafts.get(adjustmentId) ?? null,
        inWallet: wallets.get(journalId) ?? null,
        hold: holds.get(journal.reverses ?? '') ?? null,
        variances: variances.get(journalId) ?? new Map(),
        kept: kept.get(journalId) ?? new Map(),
      };
      return [journalId, evidence];
    }),
  );
}

type Posted = Entry & { readonly number: number };

/** A settlement that tells what it is about, and its journal's place in the chain. */
type Reported = Pick<SaleSettled, 'settlementId' | 'settles' | 'tolerance'> & { readonly number: number };

/**
 * Of the sales of these journals: what was posted about each, at which places of the chain, who shared its lines, and
 * which settlements told what they were about.
 */
async function salesBehind(query: Query, journals: readonly CausedJournal[]) {
  const before = new Map<string, readonly Posted[]>();
  const reports = new Map<string, readonly Reported[]>();
  const agreements = new Map<string, Map<string, Pending['agreement']>>();
  if (journals.length === 0) return [before, agreements, reports] as const;
  const saleIds = [...new Set(journals.map(({ source }) => (source as { saleId: string }).saleId))];
  const rows = await query<{ saleId: string; entries: Posted[] | null; reports: Reported[] | null }>(
    `SELECT sold.source_reference AS "saleId",
            (SELECT json_agg(json_build_object('number', chain_number, 'account', (SELECT code FROM account WHERE account.account_id = entry.account_id), 'lineRef', line_ref,
                                               'step', step, 'amount', amount))
               FROM (SELECT sold.journal_id, sold.chain_number
                     UNION ALL
                     SELECT journal_id, chain_number FROM journal WHERE reverses = sold.journal_id
                     UNION ALL
                     SELECT journal_id, chain_number FROM journal
                      WHERE kind = 'settlement' AND source ->> 'saleId' = sold.source_reference
                     UNION ALL
                     SELECT journal_id, chain_number FROM journal
                      WHERE kind = 'difference' AND source ->> 'saleId' = sold.source_reference) AS moved
               JOIN entry USING (journal_id)) AS entries,
            (SELECT json_agg(json_build_object('number', chain_number, 'settlementId', source ->> 'settlementId',
                                               'settles', source ->> 'settles',
                                               'tolerance', coalesce((source ->> 'tolerance')::bigint, 0)))
               FROM journal
              WHERE kind = 'settlement' AND source ->> 'saleId' = sold.source_reference AND source ->> 'settles' IS NOT NULL
            ) AS reports
       FROM journal AS sold
      WHERE sold.kind = 'sale' AND sold.source_reference = ANY ($1)`,
    [saleIds],
  );
  for (const { saleId, entries, reports: told } of rows) {
    before.set(saleId, entries ?? []);
    reports.set(saleId, told ?? []);
  }
  const lines = await query<{ saleId: string; lineRef: string; agreement: Pending['agreement'] }>(
    `SELECT sale_id AS "saleId", line_ref AS "lineRef", definition AS agreement FROM ${SALE_LINES} WHERE sale_id = ANY ($1)`,
    [saleIds],
  );
  for (const [saleId, ofSale] of Map.groupBy(lines, ({ saleId }) => saleId)) {
    agreements.set(saleId, new Map(ofSale.map(({ lineRef, agreement }) => [lineRef, agreement])));
  }
  return [before, agreements, reports] as const;
}

/** What was open of a sale before a place in the chain. */
function openBefore(end: number, entries: readonly Posted[], reports: readonly Reported[]): OpenSettlement | null {
  const told = new Map(reports.map((report) => [report.number, report]));
  const numbers = [...new Set([...entries, ...reports].map(({ number }) => number))].filter((number) => number < end);
  let receivable = 0;
  const steps = numbers
    .sort((one, other) => one - other)
    .map((number): SettledStep => {
      for (const entry of entries) {
        if (entry.number === number && isHeld(entry.account)) receivable += entry.amount;
      }
      const report = told.get(number);
      return { receivable, ...(report && { report }) };
    });
  return openOf(steps);
}

function isHeld(account: string): boolean {
  const { owner, purpose } = accountOfCode(account);
  return owner.startsWith('channel:') && purpose === 'receivable';
}

/**
 * What makers had to give back before these releases, by journal and receivable: of those whose release recovers
 * something. Of others the receivable's own entries do not tell when this release came between them.
 */
async function owedBefore(query: Query, releases: readonly CausedJournal[]): Promise<Map<string, Map<string, Rupiah>>> {
  const rows =
    releases.length === 0
      ? []
      : await query<{ journalId: string; account: string; owed: Rupiah }>(
          `SELECT journal_id AS "journalId", code AS account, running_balance - amount AS owed
             FROM entry JOIN account USING (account_id)
            WHERE journal_id = ANY ($1) AND purpose = 'receivable' AND starts_with(owner, 'maker:')`,
          [releases.map(({ journalId }) => journalId)],
        );
  return byJournal(rows, ({ account, owed }) => [account, owed]);
}

async function itemsOf(query: Query, journals: readonly CausedJournal[]): Promise<Map<string, ProposedItem>> {
  if (journals.length === 0) return new Map();
  const items = await query<ProposedItem>(
    `SELECT item_id AS "itemId", account, amount, payout_item.reason, payout_id AS "payoutId",
            facility_id AS "facilityId", bank, up_to AS "upTo", created_by AS "createdBy", reviewed_by AS "reviewedBy",
            decided_by AS "decidedBy"
       FROM payout_item JOIN payout USING (payout_id, facility_id)
      WHERE item_id = ANY ($1)`,
    [journals.map(({ source }) => (source as { itemId: string }).itemId)],
  );
  return new Map(items.map((item) => [item.itemId, item]));
}

/** By journal: what was in the wallet that it withdraws from, in its book. */
async function walletsBefore(query: Query, journals: readonly CausedJournal[]): Promise<Map<string, Rupiah>> {
  if (journals.length === 0) return new Map();
  const rows = await query<{ journalId: string; balance: Rupiah }>(
    `SELECT journal_id AS "journalId", running_balance - amount AS balance
       FROM journal JOIN entry USING (journal_id) JOIN account USING (account_id)
      WHERE journal_id = ANY ($1) AND owner = 'bank:' || (source ->> 'wallet')`,
    [journals.map(({ journalId }) => journalId)],
  );
  return new Map(rows.map(({ journalId, balance }) => [journalId, balance]));
}

/** By journal: what those hold that these undo. */
async function holdsBehind(query: Query, journals: readonly CausedJournal[]): Promise<Map<string, HoldSource>> {
  if (journals.length === 0) return new Map();
  const rows = await query<{ journalId: string; source: HoldSource }>(
    `SELECT journal_id AS "journalId", source FROM journal WHERE journal_id = ANY ($1) AND kind IN ('held', 'assigned')`,
    [journals.map(({ reverses }) => reverses)],
  );
  return new Map(rows.map(({ journalId, source }) => [journalId, source]));
}

async function draftsOf(query: Query, journals: readonly CausedJournal[]): Promise<Map<string, Draft>> {
  const ids = journals.flatMap(({ source }) => (source as { adjustmentId?: string }).adjustmentId ?? []);
  if (ids.length === 0) return new Map();
  const drafts = await query<Draft & { content: { entries?: readonly AdjustmentEntry[] } }>(
    `SELECT adjustment_id AS "adjustmentId", type, reason, created_by AS "createdBy", approved_by AS "approvedBy", content
       FROM adjustment WHERE adjustment_id = ANY ($1) AND approved_by IS NOT NULL`,
    [ids],
  );
  return new Map(
    drafts.map(({ content, ...draft }) => [draft.adjustmentId, { ...draft, entries: content.entries ?? [] }]),
  );
}

/** What closes found on the accounts that they cleared, by journal and account: all before it that counts for the month. */
async function variancesBefore(query: Query, journals: readonly CausedJournal[]) {
  const closes = journals.map(({ journalId, source }) => {
    return { journalId, lastDay: lastDayOf((source as { month: string }).month) };
  });
  const rows =
    closes.length === 0
      ? []
      : await query<{ journalId: string; account: string; balance: Rupiah }>(
          `SELECT closed.journal_id AS "journalId", code AS account,
                  coalesce(last.balance, 0)
                    + (SELECT coalesce(sum(amount), 0)::bigint FROM entry
                        WHERE entry.account_id = closed.account_id AND account_version < closed.account_version
                          AND account_version > coalesce(last.all_until, 0)
                          AND posted_on > coalesce(last.closed_on, '-infinity') AND posted_on <= last_day) AS balance
             FROM unnest($1::uuid[], $2::date[]) AS close (journal_id, last_day)
             JOIN entry AS closed USING (journal_id)
             JOIN account ON account.account_id = closed.account_id AND purpose = 'variance'
             -- a month that was opened and closed again since tells more than the close could know
             LEFT JOIN LATERAL (SELECT closed_on, sum(balance)::bigint AS balance, all_until FROM closing_balance
                                 WHERE closing_balance.account_id = closed.account_id AND closed_on < last_day
                                   AND none_after < closed.account_version
                                 GROUP BY closed_on, all_until ORDER BY closed_on DESC LIMIT 1) AS last ON true`,
          [closes.map(({ journalId }) => journalId), closes.map(({ lastDay }) => lastDay)],
        );
  return byJournal(rows, ({ account, balance }) => [account, balance]);
}

/** What was on the accounts of makers that a release settled or a merge emptied, by journal and account. */
async function keptBefore(query: Query, journals: readonly CausedJournal[]) {
  const events = journals.map(({ journalId, facilityId, source }) => {
    const { type, makerId } = source as MakerEventSource;
    return { journalId, makerId, facilityId: type === 'merge' ? facilityId : null };
  });
  const rows =
    events.length === 0
      ? []
      : await query<{ journalId: string; account: string; balance: Rupiah }>(
          `SELECT moved.journal_id AS "journalId", code AS account, sum(entry.amount)::bigint AS balance
             FROM unnest($1::uuid[], $2::text[], $3::text[]) AS event (journal_id, maker, facility)
             JOIN entry AS moved USING (journal_id)
             JOIN account ON account.account_id = moved.account_id AND owner = 'maker:' || maker
             JOIN entry ON entry.account_id = moved.account_id AND entry.account_version < moved.account_version
                       AND (facility IS NULL OR entry.facility_id = facility)
            GROUP BY 1, 2`,
          [
            events.map(({ journalId }) => journalId),
            events.map(({ makerId }) => makerId),
            events.map(({ facilityId }) => facilityId),
          ],
        );
  return byJournal(rows, ({ account, balance }) => [account, balance]);
}

function byJournal<Row extends { journalId: string }>(
  rows: readonly Row[],
  entryOf: (row: Row) => [account: string, amount: Rupiah],
): Map<string, Map<string, Rupiah>> {
  const groups = Map.groupBy(rows, ({ journalId }) => journalId);
  return new Map([...groups].map(([journalId, group]) => [journalId, new Map(group.map(entryOf))]));
}
