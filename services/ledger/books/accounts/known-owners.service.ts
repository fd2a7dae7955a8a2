import { Injectable } from '@nestjs/common';
import { fault } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { Problem } from '#libs/http';
import { OwnerRepository } from './owner.repository.ts';

/** An owner that a field of a draft names: `maker:{id}`, `facility:{id}`, ... */
export interface NamedOwner {
  readonly field: string;
  readonly owner: string;
}

/** What people enter is about somebody whom the books know: a slip would give money to nobody. */
@Injectable()
export class KnownOwners {
  constructor(private readonly owners: OwnerRepository) {}

  /** @throws Problem (422) that names every field with a stranger */
  async require(transaction: Transaction, named: readonly NamedOwner[]): Promise<void> {
    const strangers = await this.owners.strangers(transaction, [...new Set(named.map(({ owner }) => owner))]);
    const errors = named
      .filter(({ owner }) => strangers.has(owner))
      .map(({ field, owner }) => ({
        field,
        ...fault(
          'unknown-owner',
          `names ${owner}, whom the books do not know`,
          `menyebut ${owner}, yang tidak dikenal pembukuan`,
        ),
      }));
    if (errors.length > 0) throw new Problem({ status: 422, title: 'Unknown owner', errors });
  }
}
