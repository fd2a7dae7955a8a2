import { Injectable } from '@nestjs/common';
import { fault } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import type { ByPerson } from '#libs/decisions';
import { notFound, Problem } from '#libs/http';
import type { CountDto, MovementList, WriteOffDto } from './movement.dto.ts';
import { type Movement, MovementRepository, type Pieces } from './movement.repository.ts';

/** Pieces that are more or fewer without any order. None that an order has taken can go. */
@Injectable()
export class MovementsService {
  constructor(private readonly movements: MovementRepository) {}

  async count(
    transaction: Transaction,
    lotId: string,
    { counted, available, reason, by }: ByPerson<CountDto>,
  ): Promise<MovementList> {
    const { available: now, missing } = await this.#lock(transaction, lotId);
    if (now !== available) {
      const error = fault('stock-changed', `is ${now} by now: count again`, `kini ${now}: hitung lagi`, { now });
      throw new Problem({ status: 409, title: 'Stock has changed', errors: [{ field: 'available', ...error }] });
    }
    const max = available + missing;
    if (counted > max) {
      const en = `must be at most ${max}, as more were never made: correct the lot if they were`;
      const id = `paling banyak ${max}, karena tidak pernah dibuat lebih: koreksi lot bila sebenarnya lebih`;
      const errors = [{ field: 'counted', ...fault('too-many', en, id, { max }) }];
      throw new Problem({ status: 422, title: 'More than were made', errors });
    }
    return this.#move(transaction, lotId, { kind: 'count', quantity: counted - available, counted, reason, by });
  }

  async writeOff(
    transaction: Transaction,
    lotId: string,
    { kind, quantity, reason, by }: ByPerson<WriteOffDto>,
  ): Promise<MovementList> {
    const { available: max } = await this.#lock(transaction, lotId);
    if (quantity > max) {
      const error = fault('too-many', `must be at most ${max}`, `paling banyak ${max}`, { max });
      throw new Problem({ status: 422, title: 'More than there are', errors: [{ field: 'quantity', ...error }] });
    }
    return this.#move(transaction, lotId, { kind, quantity: -quantity, reason, by });
  }

  async #lock(transaction: Transaction, lotId: string): Promise<Pieces> {
    const pieces = await this.movements.lock(transaction, lotId);
    if (!pieces) throw notFound('Lot', lotId);
    return pieces;
  }

  async #move(transaction: Transaction, lotId: string, movement: Movement): Promise<MovementList> {
    await this.movements.insert(transaction, lotId, movement);
    return (await this.movements.list(transaction, lotId)) as MovementList;
  }
}
