import { Injectable } from '@nestjs/common';
import { fault } from '#libs/contracts';
import { facilitiesInScope, isInScope, type Transaction } from '#libs/database';
import { Problem } from '#libs/http';
import { OwnerRepository } from './owner.repository.ts';

/** An owner that a field of a draft names: `maker:{id}`, `facility:{id}`, ... */
export interface NamedOwner {
  readonly field: string;
  readonly owner: string;
  /** A maker who has to be in the scope: to know him or her from books is not enough. */
  readonly isSeated?: true;
}

/** What people enter is about somebody whom the books know, as far as they may see them: a slip would give money to nobody. */
@Injectable()
export class KnownOwners {
  constructor(private readonly owners: OwnerRepository) {}

  /** @throws Problem (422) that names every field with a stranger */
  async require(transaction: Transaction, named: readonly NamedOwner[]): Promise<void> {
    const strangers = await this.#strangers(transaction, named);
    const errors = named
      .filter(({ owner }) => strangers.has(owner))
      .map(({ field, owner }) => ({
        field,
        ...fault(
          'unknown-owner',
          `names ${owner}, whom the books do not know`,
          `menyebut ${owner}, yang tidak dikenal pembukuan`,
          { owner },
        ),
      }));
    if (errors.length > 0) throw new Problem({ status: 422, title: 'Unknown owner', errors });
  }

  async #strangers(transaction: Transaction, named: readonly NamedOwner[]): Promise<Set<string>> {
    const owners = [...new Set(named.map(({ owner }) => owner))];
    const strangers = await transaction.elevated(() => this.owners.strangers(transaction, owners));
    if (facilitiesInScope() === null) return strangers;
    const elsewhere = owners.filter(
      (owner) => owner.startsWith('facility:') && !isInScope(owner.slice('facility:'.length)),
    );
    const makers = named.filter(({ owner }) => owner.startsWith('maker:'));
    return new Set([...strangers, ...elsewhere, ...(await this.owners.unseen(transaction, makers))]);
  }
}
