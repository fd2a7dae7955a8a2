/** The ledger's books as an auditor reads them. */
import { expect } from '@jest/globals';
import type { Checkout } from '#libs/contracts';
import { idOf } from './marketplace.ts';
import { read, request } from './stack.ts';
import type { Workshop } from './workshop.ts';

interface Journal {
  readonly journalId: string;
  readonly kind: string;
  readonly entries: readonly { readonly account: string; readonly amount: number }[];
  /** Of a sale, its lines. */
  readonly source: { readonly lines?: readonly { readonly portions: readonly { readonly version?: number }[] }[] };
}

interface StatementLine {
  readonly journalId: string;
  readonly sourceReference: string;
}

/** The journals of an order's part at this facility: its sale and its refunds, in the order of recording. */
export async function journalsOf(checkout: Checkout, { facilityId }: Workshop): Promise<readonly Journal[]> {
  const account = encodeURIComponent(receivable(checkout, facilityId));
  const { status, body } = await request<{ items: StatementLine[] }>(
    'ledger',
    `accounts/${account}/statement?limit=1000`,
  );
  if (status === 404) return []; // never used
  const sources = [`${idOf(checkout)}@`, `${idOf(checkout)}/`];
  return Promise.all(
    body.items
      .filter(({ sourceReference }) => sources.some((source) => sourceReference.startsWith(source)))
      .map(({ journalId }) => read<Journal>('ledger', `journals/${journalId}`)),
  );
}

/** What the entries of these journals add up to, by account; credits are negative. */
export function movementsOf(journals: readonly Journal[]): Record<string, number> {
  const movements: Record<string, number> = {};
  for (const { account, amount } of journals.flatMap(({ entries }) => entries)) {
    movements[account] = (movements[account] ?? 0) + amount;
  }
  return movements;
}

/**
 * Every journal of these sales balances and explains itself, what all payees got is what the buyer paid less what he
 * got back, and the books as a whole balance.
 */
export async function expectBooks(
  checkout: Checkout,
  workshops: readonly Workshop[],
  buyerPaid: number,
): Promise<void> {
  const journals = (await Promise.all(workshops.map((workshop) => journalsOf(checkout, workshop)))).flat();
  for (const { journalId, entries } of journals) {
    expect(sumOf(entries.map(({ amount }) => amount))).toBe(0);
    expect(await read('ledger', `journals/${journalId}/explanation`)).toMatchObject({ matches: true });
  }
  const receivables = workshops.map(({ facilityId }) => receivable(checkout, facilityId));
  const movements = Object.entries(movementsOf(journals));
  const owedByChannel = movements.filter(([account]) => receivables.includes(account));
  const owedToPayees = movements.filter(([account]) => !receivables.includes(account));
  expect(sumOf(owedByChannel.map(([, amount]) => amount))).toBe(buyerPaid);
  expect(sumOf(owedToPayees.map(([, amount]) => amount))).toBe(0 - buyerPaid);

  const { debit, credit } = await read<{ debit: number; credit: number }>('ledger', 'trial-balance');
  expect(debit).toBe(credit);
}

const receivable = ({ channel }: Checkout, facilityId: string): string => `channel:${channel}:receivable@${facilityId}`;
const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
