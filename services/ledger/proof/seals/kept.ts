import { hashOfFacts } from '../../books/chain/hash-chain.ts';
import type { IssuedStatement } from '../statements/maker-statement.ts';
import { statementFrom } from '../statements/verification.ts';
import type { Checkpoint } from './checkpoint.ts';
import { hashOfSeal, isGenuine, isSignedBy, type Seal } from './seal.ts';

/*
 * What the books have signed and somebody has kept elsewhere: seals, checkpoints, statements of makers. Each says what
 * must still stand in the books at a certain place, whoever has all of the database in his or her hands.
 */

/** A signed document, with the places that it speaks of. */
export interface Kept {
  /** Where it was found, for people. */
  readonly source: string;
  readonly publicKey: string;
  readonly isSigned: boolean;
  readonly seals: readonly { readonly date: string; readonly hash: string }[];
  readonly journals: readonly { readonly facilityId: string; readonly number: number; readonly hash: string }[];
  readonly changes: readonly { readonly number: number; readonly hash: string }[];
}

type Document = Seal | Checkpoint | IssuedStatement;

/**
 * The documents of a file: one, a list, a page as HTTP gives it, or one a line.
 * @throws Error if it holds anything else
 */
export function keptIn(source: string, text: string): Kept[] {
  return valuesOf(text).map((value) => keptOf(source, value as Document));
}

function valuesOf(text: string): unknown[] {
  if (text.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line)]));
  }
  const { items } = value as { items?: unknown[] };
  return Array.isArray(value) ? value : (items ?? [value]);
}

function keptOf(source: string, document: Document): Kept {
  if ('statement' in document) {
    const { statement, publicKey, signature } = statementFrom(JSON.stringify(document));
    return {
      source,
      publicKey,
      isSigned: isSignedBy(statement, signature, publicKey),
      seals: statement.seals.map(placeOfSeal),
      journals: statement.journals.map(({ facts }) => ({ ...facts, hash: hashOfFacts(facts) })),
      changes: [],
    };
  }
  const { publicKey } = document;
  const from = { source, publicKey, isSigned: isGenuine(document) };
  if (document.format === 'pasindo.seal.v1') {
    const { changes } = document;
    return { ...from, seals: [placeOfSeal(document)], journals: [], changes: changes ? [changes] : [] };
  }
  if (document.format === 'pasindo.checkpoint.v1') {
    const { seal, heads, changes } = document;
    return { ...from, seals: seal ? [seal] : [], journals: heads, changes: changes ? [changes] : [] };
  }
  throw new Error(`${source} holds neither seals, nor a checkpoint, nor a statement`);
}

function placeOfSeal(seal: Seal): Kept['seals'][number] {
  return { date: seal.date, hash: hashOfSeal(seal) };
}
