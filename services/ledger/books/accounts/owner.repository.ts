import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';

/** Whom the books know: whoever has an account, and whom orders, the catalogue or an agreement has named. */
@Injectable()
export class OwnerRepository {
  /** Those of these owners (`maker:{id}`, `facility:{id}`, ...) that nothing in the ledger has ever named. */
  async strangers(reader: Pick<Transaction, 'query'>, owners: readonly string[]): Promise<Set<string>> {
    const unknown = await reader.query<{ owner: string }>(
      `SELECT owner FROM unnest($1::text[]) AS asked (owner)
        CROSS JOIN LATERAL (SELECT split_part(owner, ':', 1) AS kind, split_part(owner, ':', 2) AS id)
        WHERE kind NOT IN ('state', 'tax', 'suspense')
          AND NOT EXISTS (SELECT FROM account WHERE account.owner = asked.owner)
          AND NOT CASE kind
            WHEN 'maker' THEN EXISTS (SELECT FROM contribution WHERE maker_id = id)
            WHEN 'facility' THEN EXISTS (SELECT FROM chain_head WHERE facility_id = id)
              OR EXISTS (SELECT FROM contribution WHERE facility_id = id)
              OR EXISTS (SELECT FROM agreement WHERE scope_level = 'facility' AND scope_id = id)
            WHEN 'beneficiary' THEN EXISTS (
                SELECT FROM agreement WHERE jsonb_path_exists(definition, '$.**.to ? (@ == $to)', jsonb_build_object('to', owner)))
              OR EXISTS (SELECT FROM maker_event WHERE content ->> 'payee' = owner)
            ELSE false END`,
      [owners],
    );
    return new Set(unknown.map(({ owner }) => owner));
  }

  /** Those of these makers who are not in the scope and, unless they have to be, in no book of it either. */
  async unseen(
    reader: Pick<Transaction, 'query'>,
    makers: readonly { readonly owner: string; readonly isSeated?: true }[],
  ): Promise<Set<string>> {
    const unseen = await reader.query<{ owner: string }>(
      `SELECT owner FROM unnest($1::text[], $2::boolean[]) AS asked (owner, seated)
        WHERE NOT EXISTS (SELECT FROM maker_seat WHERE maker_id = substr(asked.owner, 7))
          AND (seated OR NOT EXISTS (SELECT FROM account_book WHERE account_book.owner = asked.owner))`,
      [makers.map(({ owner }) => owner), makers.map(({ isSeated = false }) => isSeated)],
    );
    return new Set(unseen.map(({ owner }) => owner));
  }
}
