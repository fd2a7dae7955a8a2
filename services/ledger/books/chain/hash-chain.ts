import { hash } from 'node:crypto';
import type { Entry, Journal } from '../journals/journal.ts';
import type { StoredKind } from '../journals/kind.ts';
import { leafHash } from './merkle-tree.ts';

/*
 * Every facility's journals are a chain: each names the hash of the one before it, so none can be changed, left out or
 * put in later without changing all that follow. A chain is a facility's, not a Kafka partition's: partitions become
 * more one day, and the books of a facility have one writer whatever their number.
 *
 * What is hashed are the facts, not the balances that follow from them. One hash does two things: it is the link of the
 * chain and the leaf of the day's Merkle tree (seal.ts).
 *
 * Facts are hashed so that a part of them can be shown alone. A journal moves the money of several makers; a maker's
 * statement must prove his or her part without telling what others got. So a journal's facts hold one hash per owner,
 * and behind each is a salt: without it, a hash of a small amount could be found by trying all amounts.
 */

/** What the chain hashes of a journal: canonical JSON (canonical.ts) of this. */
export interface Facts {
  readonly agreement: { readonly id: string; readonly version: number } | null;
  readonly facilityId: string;
  readonly format: 'pasindo.journal.v1';
  readonly journalId: string;
  readonly kind: string;
  /** n-th journal of the facility, from 1. */
  readonly number: number;
  /** ISO 8601 in UTC, to the millisecond. */
  readonly occurredAt: string;
  /** SHA-256 of what it came from: event id, correlation id, the event's data as it is stored, and what it remembered. */
  readonly origin: string;
  /** SHA-256 of each part, by owner, sorted; first what is no maker's. */
  readonly parts: readonly string[];
  readonly postedOn: string;
  /** Hash of the facility's journal before it; null: it is the first. */
  readonly previous: string | null;
  /** ISO 8601 in UTC, to the millisecond; never before that of the journal before it. */
  readonly recordedAt: string;
  readonly reverses: string | null;
  readonly sourceReference: string;
}

/** The entries of one owner, as they are hashed and as they are shown to that owner: canonical JSON of this. */
export interface Part {
  /** Account code, line, own step, amount (debit positive); sorted. */
  readonly entries: readonly (readonly [string, string | null, string | null, number])[];
  /** 32 hexadecimal digits, known to the books alone until the part is shown. */
  readonly salt: string;
}

/** A journal's place in its chain. */
export interface Place {
  readonly number: number;
  readonly previous: string | null;
  readonly recordedAt: string;
}

/** A journal as it is hashed; the data of its source event, and its memory, as the text that is stored. */
export interface HashedJournal extends Omit<Journal, 'kind' | 'source' | 'memory'> {
  readonly kind: StoredKind;
  readonly source: string;
  readonly memory?: string | null;
}

/** The link of the chain and leaf of the day's tree: SHA-256 of 0x00 and the facts. */
export function hashOfFacts(facts: Facts): string {
  return leafHash(JSON.stringify(facts)); // its keys are written in order, so this is canonical
}

/** SHA-256 of a part: what stands in the facts. */
export function hashOfPart(part: Part): string {
  return hashOfPartText(part.entries.map(textOf), part.salt);
}

/** The end of a facility's chain. */
export interface Head {
  /** 0: no journal yet. */
  readonly number: number;
  readonly hash: string | null;
}

/** What the chain adds to a journal. */
export interface Link {
  readonly number: number;
  readonly hash: string;
  readonly recordedAt: string;
}

/**
 * Links journals to the ends of their facilities' chains, in the order given.
 * @param heads by facility; afterwards, the new ends
 * @param recordedAt of each facility's journals, ISO 8601
 */
export function link(
  journals: readonly HashedJournal[],
  heads: Map<string, Head>,
  recordedAt: ReadonlyMap<string, string>,
): Link[] {
  return journals.map((journal) => {
    const { facilityId } = journal;
    const head = heads.get(facilityId);
    const instant = recordedAt.get(facilityId);
    if (!head || !instant) throw new Error(`the chain of facility ${facilityId} is not at hand`);
    const place = { number: head.number + 1, previous: head.hash, recordedAt: instant };
    const next = { number: place.number, hash: hashOfFacts(factsOf(journal, place)) };
    heads.set(facilityId, next);
    return { ...next, recordedAt: instant };
  });
}

export function factsOf(journal: HashedJournal, { number, previous, recordedAt }: Place): Facts {
  const secret = secretOf(journal);
  return {
    agreement: journal.agreement && { id: journal.agreement.id, version: journal.agreement.version },
    facilityId: journal.facilityId,
    format: 'pasindo.journal.v1',
    journalId: journal.journalId,
    kind: journal.kind,
    number,
    occurredAt: new Date(journal.occurredAt).toISOString(),
    origin: hash('sha256', `${secret} ${originOf(journal)}`, 'hex'),
    parts: hashesOfParts(journal, secret),
    postedOn: journal.postedOn,
    previous,
    recordedAt,
    reverses: journal.reverses,
    sourceReference: journal.sourceReference,
  };
}

/** Neither text holds a line break. */
function originOf({ source, memory }: HashedJournal): string {
  return memory ? `${source}\n${memory}` : source;
}

/** The part of a journal that is shown to this owner; undefined: it moves nothing of theirs. */
export function partOf(journal: HashedJournal, owner: string): Part | undefined {
  const parts = entryTextsByOwner(journal.entries);
  const index = parts.findIndex(([other]) => other === owner);
  if (index < 0) return undefined;
  const [, texts] = parts[index] as [string, string[]];
  return {
    entries: texts.map((text) => JSON.parse(text)),
    salt: saltsOf(secretOf(journal), parts.length)[index] as string,
  };
}

function hashesOfParts({ entries }: HashedJournal, secret: string): string[] {
  const parts = entryTextsByOwner(entries);
  const salts = saltsOf(secret, parts.length);
  return parts.map(([, texts], index) => hashOfPartText(texts, salts[index] as string));
}

/** By owner, sorted (`maker:{id}` of a maker's accounts, else ''): the entries as canonical JSON, sorted. */
function entryTextsByOwner(entries: readonly Entry[]): [owner: string, texts: string[]][] {
  const byOwner = new Map<string, string[]>();
  for (const { account, lineRef, step, amount } of entries) {
    const owner = account.startsWith('maker:') ? account.slice(0, account.lastIndexOf(':')) : '';
    const text = textOf([account, lineRef, step, amount]);
    const texts = byOwner.get(owner);
    if (texts) texts.push(text);
    else byOwner.set(owner, [text]);
  }
  for (const texts of byOwner.values()) texts.sort();
  return [...byOwner].sort(([a], [b]) => (a < b ? -1 : 1));
}

function textOf(entry: Part['entries'][number]): string {
  return JSON.stringify(entry);
}

function hashOfPartText(entries: readonly string[], salt: string): string {
  return hash('sha256', `{"entries":[${entries.join(',')}],"salt":"${salt}"}`, 'hex');
}

/**
 * An event's id holds 74 bits that are random, or made of a secret of who sent it (libs/messaging/outbox.ts). Nothing that is told outside of the books holds it: not a statement, not a journal
 * by HTTP, not an export.
 */
function secretOf({ sourceEventId, correlationId }: HashedJournal): string {
  return `${sourceEventId} ${correlationId}`.toLowerCase();
}

const SALT_DIGITS = 32;

/** One salt a part: the digits of SHA-512 of the secret and a counter, cut. */
function saltsOf(secret: string, parts: number): string[] {
  let digits = '';
  for (let block = 0; digits.length < parts * SALT_DIGITS; block += 1) {
    digits += hash('sha512', `${secret} ${block}`, 'hex');
  }
  return Array.from({ length: parts }, (_, index) => digits.slice(index * SALT_DIGITS, (index + 1) * SALT_DIGITS));
}
