import { hash, type KeyObject } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { canonical } from '#libs/contracts';
import { hashOfSeal, publicKeyText, signed } from '../seals/seal.ts';

/*
 * What a maker is owed and why, with proofs: whoever has this document and the public key of the books can show, without
 * us, that each line stood in the books on the day it was recorded (verification.ts).
 *
 * Amounts are the maker's: positive is owed to him or her, negative owed back. Entries within the proofs are as they are
 * in the books: debit positive, credit negative. Makers appear by pseudonym only, and of a journal only the maker's own
 * part is shown (books/chain/hash-chain.ts).
 */

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const Money = Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });
const OrNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);

const Balances = Type.Object({
  /** By purpose of the account: `wages-pending`, `wages`, `savings`, `receivable`, ... */
  accounts: Type.Record(Type.String(), Money),
  total: Money,
});
export type Balances = Static<typeof Balances>;

const Line = Type.Object({
  postedOn: Day,
  kind: Type.String(),
  reference: Type.String(),
  facilityId: Type.String(),
  lineRef: OrNull(Type.String()),
  step: OrNull(Type.String()),
  /** Purpose of the maker's account. */
  account: Type.String(),
  /** n-th of this account: what asks for its explanation (`/v1/entries/maker:ID:ACCOUNT/N/explanation`). Older statements have none. */
  entry: Type.Optional(Type.Integer({ minimum: 1 })),
  amount: Money,
  /** Of the account after this line. */
  balance: Money,
  /** Of all the maker's accounts after this line. */
  total: Money,
  journalId: Type.String(),
});
export type Line = Static<typeof Line>;

/** A journal that moved the maker's money: its facts, the maker's part, and its place in the tree of its day. */
const ProvenJournal = Type.Object({
  facts: Type.Object({
    agreement: OrNull(Type.Object({ id: Type.String(), version: Type.Integer() })),
    facilityId: Type.String(),
    format: Type.Literal('pasindo.journal.v1'),
    journalId: Type.String(),
    kind: Type.String(),
    number: Type.Integer(),
    occurredAt: Type.String(),
    origin: Hash,
    parts: Type.Array(Hash),
    postedOn: Day,
    previous: OrNull(Hash),
    recordedAt: Type.String(),
    reverses: OrNull(Type.String()),
    sourceReference: Type.String(),
  }),
  part: Type.Object({
    entries: Type.Array(Type.Tuple([Type.String(), OrNull(Type.String()), OrNull(Type.String()), Money])),
    salt: Type.String(),
  }),
  /** Null: the day on which it was recorded was not over yet, so not sealed. */
  proof: OrNull(Type.Object({ date: Day, index: Type.Integer(), path: Type.Array(Hash) })),
});
export type ProvenJournal = Static<typeof ProvenJournal>;

const SealSchema = Type.Object({
  format: Type.Literal('pasindo.seal.v1'),
  changes: Type.Optional(Type.Object({ number: Type.Integer({ minimum: 1 }), hash: Hash })),
  date: Day,
  journals: Type.Integer(),
  previous: OrNull(Hash),
  publicKey: Type.String(),
  root: Hash,
  signature: Type.String(),
});

const KeySchema = Type.Object({
  format: Type.Literal('pasindo.key.v1'),
  from: Day,
  number: Type.Integer(),
  previous: OrNull(Hash),
  publicKey: Type.String(),
  handover: OrNull(Type.String()),
  signature: OrNull(Type.String()),
});

const Statement = Type.Object({
  format: Type.Literal('pasindo.statement.v1'),
  /** Pseudonym. */
  makerId: Type.String(),
  currency: Type.Literal('IDR'),
  /** Posting dates, the first and the last; null: from the beginning. */
  from: OrNull(Day),
  to: Day,
  issuedAt: Type.String(),
  opening: Balances,
  closing: Balances,
  lines: Type.Array(Line),
  journals: Type.Array(ProvenJournal),
  seals: Type.Array(SealSchema),
  /** That have sealed so far, each handed over to by the one before (seals/key-list.ts); absent before the first seal. */
  keys: Type.Optional(Type.Array(KeySchema)),
});
export type Statement = Static<typeof Statement>;

/** The document: a statement, signed as a whole. */
export const IssuedStatement = Type.Object({
  statement: Statement,
  /** Ed25519, DER in base64. */
  publicKey: Type.String(),
  /** Ed25519 over the statement as canonical JSON, base64. */
  signature: Type.String(),
});
export type IssuedStatement = Static<typeof IssuedStatement>;

/** What moved one of the maker's accounts, in the order of recording. */
export type Movement = Omit<Line, 'balance' | 'total'>;

/** Adds up the lines from the opening balances, by account. */
export function runningLines(
  opening: Readonly<Record<string, number>>,
  movements: readonly Movement[],
): Pick<Statement, 'opening' | 'lines' | 'closing'> {
  const accounts: Record<string, number> = { ...opening };
  const balances = (): Balances => ({ accounts: { ...accounts }, total: sum(Object.values(accounts)) });
  const before = balances();
  let total = before.total;
  const lines = movements.map((movement) => {
    const balance = (accounts[movement.account] ?? 0) + movement.amount;
    accounts[movement.account] = balance;
    total += movement.amount;
    return { ...movement, balance, total };
  });
  return { opening: before, lines, closing: balances() };
}

export function issue(statement: Statement, privateKey: KeyObject, publicKey: KeyObject): IssuedStatement {
  return { statement, publicKey: publicKeyText(publicKey), signature: signed(statement, privateKey) };
}

/** SHA-256 of the statement as canonical JSON, however its file is laid out. */
export function digestOf({ statement }: IssuedStatement): string {
  return hash('sha256', canonical(statement), 'hex');
}

/**
 * What the printed code says, in the characters that such a code takes least room for where ids allow it: the maker, the
 * period, what is owed in all at its end, the statement's digest, and the latest seal that it rests on.
 */
export function codeText(issued: IssuedStatement): string {
  const { makerId, from, to, closing, seals } = issued.statement;
  const seal = seals.at(-1);
  return [
    'PASINDO-1',
    makerId,
    `${from ?? ''}/${to}`,
    `IDR ${closing.total}`,
    digestOf(issued).toUpperCase(),
    ...(seal ? [seal.date, hashOfSeal(seal).toUpperCase()] : []),
  ].join(' ');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
