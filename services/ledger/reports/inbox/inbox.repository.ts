import { Injectable } from '@nestjs/common';
import { Database, facilitiesInScope } from '#libs/database';
import { IS_DRAFT, type Step } from '#libs/decisions';
import type { Approvable } from '../../closing/periods/checklist.ts';
import { type InboxItemView, type InboxQuery, type Kind, kinds } from './inbox.dto.ts';

export type InboxRow = Omit<InboxItemView, 'actions'> & {
  /** Where it stands among all: a UUID that grows with time. */
  readonly position: string;
  /** Of a period. */
  readonly approvable: Approvable | null;
};

/** A step that whoever asks may take of a kind, by policy. */
export interface Granted {
  readonly kind: Kind;
  readonly step: Step;
  /** Null: everywhere. */
  readonly facilities: readonly string[] | null;
}

type Filter = Pick<InboxQuery, 'state' | 'kind' | 'facilityId'> & {
  /** Only what waits for this person, by these steps; null: whatever it waits for. */
  readonly mine: { readonly person: string | undefined; readonly granted: readonly Granted[] } | null;
};

/** Of a table of `libs/decisions`. */
const decided = (drafted = 'created') => `
  CASE WHEN approved_at IS NOT NULL THEN 'approved' WHEN rejected_at IS NOT NULL THEN 'rejected'
       WHEN withdrawn_at IS NOT NULL THEN 'withdrawn' ELSE 'draft' END AS status,
  ${drafted}_by AS drafted_by, ${drafted}_at AS drafted_at, NULL AS reviewed_by, NULL::timestamptz AS reviewed_at,
  coalesce(approved_by, rejected_by, CASE WHEN withdrawn_at IS NOT NULL THEN ${drafted}_by END) AS decided_by,
  coalesce(approved_at, rejected_at, withdrawn_at) AS decided_at, rejected_because AS because`;

/** A close waits for nobody while it is being checked, and never when its books are not sound. */
const IS_CHECKED = `(action = 'reopen' OR coalesce((checklist #>> '{unexplained,count}')::int
  + (checklist #>> '{unbalanced,count}')::int = 0, false))`;

/**
 * SQL, by kind: its rows, of which nobody has decided and of all, with the step that takes each on (\`next\`). An agreement
 * has no UUID: it stands where one of the instant of its draft would.
 */
const KINDS: Readonly<Record<Kind, { readonly columns: string; readonly from: string; readonly isOpen: string }>> = {
  payout: {
    columns: `payout_id AS position, payout_id::text AS id, NULL::int AS version, NULL AS type, bank AS about, facility_id,
      CASE status WHEN 'proposed' THEN 'draft' ELSE status END AS status, created_by AS drafted_by,
      created_at AS drafted_at, reviewed_by, reviewed_at, decided_by, decided_at, reason AS because,
      CASE status WHEN 'proposed' THEN 'review' WHEN 'reviewed' THEN 'approval' END AS next`,
    from: 'payout',
    isOpen: `status IN ('proposed', 'reviewed')`,
  },
  deposit: {
    columns: `deposit_id AS position, deposit_id::text AS id, NULL::int AS version, NULL AS type, billing_code AS about,
      facility_id, CASE WHEN confirmed_by IS NULL THEN 'draft' ELSE 'approved' END AS status, created_by AS drafted_by,
      created_at AS drafted_at, NULL AS reviewed_by, NULL::timestamptz AS reviewed_at, confirmed_by AS decided_by,
      deposited_at AS decided_at, NULL AS because, CASE WHEN confirmed_by IS NULL THEN 'approval' END AS next`,
    from: 'deposit',
    isOpen: 'confirmed_by IS NULL',
  },
  adjustment: {
    columns: `adjustment_id AS position, adjustment_id::text AS id, NULL::int AS version, type, NULL AS about, facility_id,
      ${decided()}, CASE WHEN ${IS_DRAFT} THEN 'approval' END AS next`,
    from: 'adjustment',
    isOpen: IS_DRAFT,
  },
  'maker-event': {
    columns: `event_id AS position, event_id::text AS id, NULL::int AS version, type, maker_id AS about, facility_id,
      ${decided()}, CASE WHEN ${IS_DRAFT} THEN 'approval' END AS next`,
    from: 'maker_event',
    isOpen: IS_DRAFT,
  },
  agreement: {
    columns: `position, agreement_id AS id, version, scope_level AS type, scope_id AS about,
      CASE scope_level WHEN 'facility' THEN scope_id END AS facility_id, ${decided()},
      CASE WHEN ${IS_DRAFT} THEN 'approval' END AS next`,
    from: `agreement CROSS JOIN LATERAL (
      SELECT overlay(overlay(md5(agreement_id || ' ' || version) PLACING '7' FROM 13)
                     PLACING lpad(to_hex((extract(epoch FROM created_at) * 1000)::bigint), 12, '0') FROM 1)::uuid AS position) AS at`,
    isOpen: IS_DRAFT,
  },
  period: {
    columns: `decision_id AS position, decision_id::text AS id, NULL::int AS version, action AS type, month AS about,
      NULL AS facility_id, ${decided('requested')}, CASE WHEN ${IS_DRAFT} AND ${IS_CHECKED} THEN 'approval' END AS next`,
    from: 'period_decision',
    isOpen: IS_DRAFT,
  },
  'refused-event': {
    columns: `resolution_id AS position, event_id::text AS id, NULL::int AS version, refused_event.reason AS type,
      reference AS about, NULL AS facility_id, ${decided()}, CASE WHEN ${IS_DRAFT} THEN 'approval' END AS next`,
    from: `(SELECT * FROM refused_event_resolution WHERE action = 'discard') AS discard JOIN refused_event USING (event_id)`,
    isOpen: IS_DRAFT,
  },
};

/** What of a row costs more, of those that are shown. */
const AMOUNT = `
  CASE kind
    WHEN 'payout' THEN (SELECT sum(amount)::bigint FROM payout_item WHERE payout_id = position AND status <> 'rejected')
    WHEN 'deposit' THEN (SELECT amount FROM deposit WHERE deposit_id = position)
    WHEN 'adjustment' THEN (
      SELECT coalesce((SELECT sum((each ->> 'amount')::bigint)::bigint FROM jsonb_array_elements(content -> 'entries') AS each
                        WHERE (each ->> 'amount')::bigint > 0), (content ->> 'amount')::bigint)
        FROM adjustment WHERE adjustment_id = position)
  END`;
const APPROVABLE = `
  (SELECT jsonb_build_object('action', action, 'checklist', CASE WHEN checklist IS NOT NULL THEN jsonb_build_object(
            'verifiedAt', checklist -> 'verifiedAt',
            'unexplained', jsonb_build_object('count', checklist #> '{unexplained,count}'),
            'unbalanced', jsonb_build_object('count', checklist #> '{unbalanced,count}')) END)
     FROM period_decision WHERE kind = 'period' AND decision_id = position)`;

/** Waits for a person: by the step that takes it on, which is not for who has taken one before. */
const waits = (granted: string, person: string) => `EXISTS (
  SELECT FROM jsonb_to_recordset(${granted}::jsonb) AS granted (kind text, step text, facilities text[])
   WHERE granted.kind = decision.kind AND step = next AND (facilities IS NULL OR facility_id = ANY (facilities))
     AND (step = 'review' OR (person_key(drafted_by) <> person_key(${person})
                              AND person_key(coalesce(reviewed_by, '')) <> person_key(${person}))))`;

/** Of the nation: who sees some facilities is not shown their tables (row-security.int.spec.ts). */
const CLOSED: readonly Kind[] = ['refused-event'];

/** The kinds that are asked for and shown. */
function shown(kind: Kind | undefined): Kind[] {
  const isNational = facilitiesInScope() === null;
  return kinds.filter((each) => (kind === undefined || each === kind) && (isNational || !CLOSED.includes(each)));
}

/** SQL: the decisions of these kinds. @param state which of each @param and what else is asked of each */
function decisionsOf(asked: readonly Kind[], state: (of: { isOpen: string }) => string, and: string): string {
  const each = asked.map(
    (name) => `(
      SELECT * FROM (SELECT '${name}' AS kind, ${KINDS[name].columns} FROM ${KINDS[name].from} WHERE ${state(KINDS[name])}) AS decision
       WHERE ($1::text[] IS NULL OR facility_id = ANY ($1)) AND ($2::text IS NULL OR facility_id = $2) ${and})`,
  );
  return `FROM (${each.join(' UNION ALL ')}) AS decision`;
}

@Injectable()
export class InboxRepository {
  constructor(private readonly database: Database) {}

  /** In the order of drafting, after this position. */
  async list({ state, kind, facilityId, mine }: Filter, after: string | undefined, limit: number): Promise<InboxRow[]> {
    const asked = shown(kind);
    if (asked.length === 0) return [];
    const page = `AND ($3::uuid IS NULL OR position > $3) AND ($5::text IS NULL OR $5 = 'open' OR status = $5)
      ${mine ? `AND ${waits('$6', '$7')}` : ''} ORDER BY position LIMIT $4`;
    const rows = await this.database.query<StoredRow>(
      `SELECT kind, position, id, version, type, about, facility_id AS "facilityId", status, drafted_by, drafted_at,
              reviewed_by, reviewed_at, decided_by, decided_at, because, ${AMOUNT} AS amount, ${APPROVABLE} AS approvable
         ${decisionsOf(asked, ({ isOpen }) => (mine || state === 'open' ? isOpen : 'true'), page)}
        ORDER BY position LIMIT $4`,
      [facilitiesInScope(), facilityId, after, limit, state, ...grantedOf(mine)],
    );
    return rows.map(
      ({ drafted_by, drafted_at, reviewed_by, reviewed_at, decided_by, decided_at, because, ...row }) => ({
        ...row,
        drafted: { by: drafted_by, at: drafted_at },
        reviewed: reviewed_by === null || reviewed_at === null ? null : { by: reviewed_by, at: reviewed_at },
        decided: decided_by === null || decided_at === null ? null : { by: decided_by, at: decided_at, because },
      }),
    );
  }

  /** How many nobody has decided. */
  async open({ kind, facilityId, mine }: Filter): Promise<number> {
    const asked = shown(kind);
    if (asked.length === 0) return 0;
    const and = mine ? `AND ${waits('$3', '$4')}` : '';
    const [row] = await this.database.query<{ open: number }>(
      `SELECT count(*) AS open ${decisionsOf(asked, ({ isOpen }) => isOpen, and)}`,
      [facilitiesInScope(), facilityId, ...grantedOf(mine)],
    );
    return row?.open ?? 0;
  }
}

type StoredRow = Omit<InboxRow, 'drafted' | 'reviewed' | 'decided'> & {
  readonly drafted_by: string;
  readonly drafted_at: Date;
  readonly reviewed_by: string | null;
  readonly reviewed_at: Date | null;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly because: string | null;
};

function grantedOf(mine: Filter['mine']): unknown[] {
  return mine ? [JSON.stringify(mine.granted), mine.person] : [];
}
