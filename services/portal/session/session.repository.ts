import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#libs/database';
import { configuredKeys, Sealer } from '#libs/sealing';
import { IDLE_MINUTES, LIFE_HOURS, type Session, type Tokens } from './session.ts';

const LIVES = `seen_at > now() - interval '${IDLE_MINUTES} minutes' AND started_at > now() - interval '${LIFE_HOURS} hours'`;

interface Row {
  readonly id_hash: Buffer;
  readonly person: string;
  readonly sealed_tokens: Buffer;
  readonly isOld: boolean;
}

/** Sessions that live; what has ended is not there. */
@Injectable()
export class SessionRepository {
  readonly #sealer = new Sealer(configuredKeys('SEALING_KEYS'), 'session');

  constructor(private readonly database: Database) {}

  async begin({ idHash, person, tokens }: Session): Promise<void> {
    await this.database.query('INSERT INTO session (id_hash, person, sealed_tokens) VALUES ($1, $2, $3)', [
      idHash,
      person,
      this.#sealed(idHash, tokens),
    ]);
  }

  /** The session, which somebody uses now. */
  async use(idHash: Buffer): Promise<Session | undefined> {
    const [row] = await this.database.query<Row>(
      `SELECT id_hash, person, sealed_tokens, seen_at < now() - interval '1 minute' AS "isOld"
         FROM session WHERE id_hash = $1 AND ${LIVES}`,
      [idHash],
    );
    if (row?.isOld) await this.database.query('UPDATE session SET seen_at = now() WHERE id_hash = $1', [idHash]);
    return row && this.#opened(row);
  }

  /** Whether it lives, which is no use of it. */
  async lives(idHash: Buffer): Promise<boolean> {
    const rows = await this.database.query(`SELECT FROM session WHERE id_hash = $1 AND ${LIVES}`, [idHash]);
    return rows.length > 0;
  }

  /** Alone: a refresh token is used once, whoever needs what it gives. */
  async lock(transaction: Transaction, idHash: Buffer): Promise<Session | undefined> {
    const [row] = await transaction.query<Row>(
      `SELECT id_hash, person, sealed_tokens FROM session WHERE id_hash = $1 AND ${LIVES} FOR UPDATE`,
      [idHash],
    );
    return row && this.#opened(row);
  }

  async keep(transaction: Transaction, idHash: Buffer, tokens: Tokens): Promise<void> {
    await transaction.query('UPDATE session SET sealed_tokens = $2 WHERE id_hash = $1', [
      idHash,
      this.#sealed(idHash, tokens),
    ]);
  }

  async end(idHash: Buffer): Promise<void> {
    await this.database.query('DELETE FROM session WHERE id_hash = $1', [idHash]);
  }

  /** @returns those that were there */
  async endAllOf(person: string): Promise<Session[]> {
    const rows = await this.database.query<Row>(
      'DELETE FROM session WHERE person = $1 RETURNING id_hash, person, sealed_tokens',
      [person],
    );
    return rows.map((row) => this.#opened(row));
  }

  async forgetEnded(): Promise<void> {
    await this.database.query(`DELETE FROM session WHERE NOT (${LIVES})`);
  }

  /** Of no other session, wherever its row is copied to. */
  #sealed(idHash: Buffer, tokens: Tokens): Buffer {
    return this.#sealer.seal(Buffer.from(JSON.stringify(tokens)), idHash.toString('hex'));
  }

  #opened({ id_hash: idHash, person, sealed_tokens: sealed }: Row): Session {
    return { idHash, person, tokens: JSON.parse(this.#sealer.open(sealed, idHash.toString('hex')).toString()) };
  }
}
