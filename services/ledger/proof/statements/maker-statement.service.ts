import { createPublicKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#libs/database';
import { Problem } from '#libs/http';
import { readAbout } from '../../books/accounts/maker-seat.repository.ts';
import { factsOf, hashOfFacts, type Part, partOf } from '../../books/chain/hash-chain.ts';
import { inclusionProof } from '../../books/chain/merkle-tree.ts';
import { inSnapshot } from '../../books/snapshot.repository.ts';
import { keysOfBooks } from '../seals/key-list.repository.ts';
import { blockRoots, blocksHolding, firstLeafOf, sealsOf } from '../seals/seal.repository.ts';
import { dayOf, publicKeyText } from '../seals/seal.ts';
import { SEAL_KEY } from '../seals/sealing.service.ts';
import { journalsWithPrevious } from '../verification/stored-journal.repository.ts';
import { movementsOf, openingBalances } from './maker-statement.repository.ts';
import { type IssuedStatement, issue, type ProvenJournal, runningLines } from './maker-statement.ts';

const LINES_MAX = 5_000;

/** Days, both included; what is not said does not limit it. */
interface Period {
  readonly from?: string | undefined | null;
  readonly to?: string | undefined;
}

type UnprovenJournal = ProvenJournal & { readonly hash: string };

/** Issues statements to makers, with the proof of every line. */
@Injectable()
export class MakerStatementService {
  constructor(
    private readonly database: Database,
    @Inject(SEAL_KEY) private readonly key: KeyObject,
  ) {}

  /** @returns undefined: the books know no such maker */
  issue(makerId: string, period: Period): Promise<IssuedStatement | undefined> {
    return readAbout(this.database, `maker:${makerId}`, () => this.#issue(makerId, period));
  }

  async #issue(makerId: string, { from = null, to = dayOf(new Date()) }: Period): Promise<IssuedStatement | undefined> {
    return inSnapshot(this.database, async ({ query }) => {
      const opening = await openingBalances(query, makerId, from);
      if (Object.keys(opening).length === 0) return undefined;
      const movements = await movementsOf(query, makerId, { from, to }, LINES_MAX + 1);
      if (movements.length > LINES_MAX) {
        const detail = `There are more than ${LINES_MAX} lines: ask for a shorter period.`;
        throw new Problem({ status: 422, title: 'Statement too long', detail });
      }
      const keys = await keysOfBooks(query);
      const last = keys.at(-1);
      if (last && last.publicKey !== publicKeyText(createPublicKey(this.key))) {
        throw new Problem({ status: 503, title: 'The key of the books was changed: this process has the old one' });
      }
      const { journals, seals } = await proven(query, makerId, [...new Set(movements.map((line) => line.journalId))]);
      const statement = {
        format: 'pasindo.statement.v1' as const,
        makerId,
        currency: 'IDR' as const,
        from,
        to,
        issuedAt: new Date().toISOString(),
        ...runningLines(opening, movements),
        journals,
        seals,
        ...(keys.length > 0 && { keys }),
      };
      return issue(statement, this.key, createPublicKey(this.key));
    });
  }
}

/** The journals with the maker's part of each and their places in their days' trees; and the seals of these days. */
async function proven(query: Transaction['query'], makerId: string, journalIds: readonly string[]) {
  const stored = await journalsWithPrevious(query, journalIds);
  const journals = stored.map((journal): UnprovenJournal => {
    const { number, previous, hash } = journal;
    const recordedAt = new Date(Number(journal.recordedAtMs)).toISOString();
    const facts = factsOf(journal, { number, previous, recordedAt });
    if (hashOfFacts(facts) !== hash) throw new Error(`journal ${journal.journalId} is not what was hashed`);
    return {
      facts: { ...facts, parts: [...facts.parts] },
      part: asShown(partOf(journal, `maker:${makerId}`)),
      proof: null,
      hash,
    };
  });

  const byDay = Map.groupBy(journals, ({ facts }) => dayOf(new Date(facts.recordedAt)));
  const seals = await sealsOf(query, [...byDay.keys()]);
  const result = new Map<string, ProvenJournal>();
  for (const [date, ofDay] of byDay) {
    const roots = await blockRoots(query, date);
    const blocks = await blocksHolding(
      query,
      date,
      ofDay.map(({ facts }) => facts),
    );
    for (const { hash, ...journal } of ofDay) {
      const block = blocks.find(({ leaves }) => leaves.includes(hash));
      if (seals.has(date) && !block)
        throw new Error(`journal ${journal.facts.journalId} is not in the seal of its day`);
      const index = block?.leaves.indexOf(hash) ?? 0;
      const proof = block && {
        date,
        index: firstLeafOf(block.block) + index,
        path: [...inclusionProof(block.leaves, index), ...inclusionProof(roots, block.block)],
      };
      result.set(journal.facts.journalId, { ...journal, proof: proof ?? null });
    }
  }
  return {
    journals: journalIds.map((journalId) => result.get(journalId) as ProvenJournal),
    seals: [...seals.values()].sort((a, b) => (a.date < b.date ? -1 : 1)),
  };
}

function asShown(part: Part | undefined): ProvenJournal['part'] {
  if (!part) throw new Error('a line without its part of the journal');
  return { entries: part.entries.map((entry) => [...entry]), salt: part.salt };
}
