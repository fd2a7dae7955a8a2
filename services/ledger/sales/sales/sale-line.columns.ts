/** A sale line as it is read, of `SALE_LINES`. Without Nest: a verification runs as a command as well. */
export const SALE_LINE = `sale_id AS "saleId", facility_id AS "facilityId", line_ref AS "lineRef", journal_id AS "journalId", definition AS agreement,
  price, refunded, units, units_refunded AS "unitsRefunded", credits`;

export const SALE_LINES = 'sale_line JOIN agreement ON (agreement_id, version) = (shared_by, shared_by_version)';

/** Lines whose sale, in part, nobody was recorded for; as its index has it. */
export const IN_SUSPENSE = `credits @? '$[*] ? (@.account starts with "suspense@")'`;
