import type { DataOf, decisionChanged } from '#libs/contracts';

export type DecisionChanged = DataOf<typeof decisionChanged>;

/** How a decision stands in the books. */
export interface Decision extends Pick<DecisionChanged, 'kind' | 'id' | 'status'> {
  readonly key: string;
  readonly version: number | null;
  readonly facilityId: string | null;
  readonly draftedBy: string | null;
  readonly reviewedBy: string | null;
  readonly decidedBy: string | null;
}

/** Of a table of `libs/decisions`. */
const decided = (drafted = 'created') => `
  CASE WHEN approved_at IS NOT NULL THEN 'approved' WHEN rejected_at IS NOT NULL THEN 'rejected'
       WHEN withdrawn_at IS NOT NULL THEN 'withdrawn' ELSE 'draft' END AS status,
  ${drafted}_by AS "draftedBy", NULL AS "reviewedBy", coalesce(approved_by, rejected_by) AS "decidedBy"`;

/** SQL, by table: its rows with these keys, as record_change() has them, and how they stand. */
export const decisions: Readonly<Record<string, string>> = {
  adjustment: `
    SELECT adjustment_id AS key, 'adjustment' AS kind, adjustment_id AS id, NULL AS version, facility_id AS "facilityId",
           ${decided()}
      FROM adjustment WHERE adjustment_id = ANY ($1::uuid[])`,
  agreement: `
    SELECT agreement_id || ' ' || version AS key, 'agreement' AS kind, agreement_id AS id, version,
           CASE scope_level WHEN 'facility' THEN scope_id END AS "facilityId", ${decided()}
      FROM agreement WHERE agreement_id || ' ' || version = ANY ($1)`,
  deposit: `
    SELECT deposit_id AS key, 'deposit' AS kind, deposit_id AS id, NULL AS version, facility_id AS "facilityId",
           CASE WHEN confirmed_by IS NULL THEN 'draft' ELSE 'approved' END AS status,
           created_by AS "draftedBy", NULL AS "reviewedBy", confirmed_by AS "decidedBy"
      FROM deposit WHERE deposit_id = ANY ($1::uuid[])`,
  maker_event: `
    SELECT event_id AS key, 'maker-event' AS kind, event_id AS id, NULL AS version, facility_id AS "facilityId",
           ${decided()}
      FROM maker_event WHERE event_id = ANY ($1::uuid[])`,
  payout: `
    SELECT payout_id AS key, 'payout' AS kind, payout_id AS id, NULL AS version, facility_id AS "facilityId",
           CASE status WHEN 'proposed' THEN 'draft' ELSE status END AS status,
           created_by AS "draftedBy", reviewed_by AS "reviewedBy", decided_by AS "decidedBy"
      FROM payout WHERE payout_id = ANY ($1::uuid[])`,
  period_decision: `
    SELECT decision_id AS key, action AS kind, decision_id AS id, NULL AS version, NULL AS "facilityId",
           ${decided('requested')}
      FROM period_decision WHERE decision_id = ANY ($1::uuid[])`,
  refused_event_resolution: `
    SELECT resolution_id AS key, 'refused-event' AS kind, event_id AS id, NULL AS version, NULL AS "facilityId",
           ${decided()}
      FROM refused_event_resolution WHERE resolution_id = ANY ($1::uuid[])`,
};
