/** The ledger's books as an auditor reads them. */
import { expect } from '@jest/globals';
import type { Checkout } from '#libs/contracts';
import { idOf } from './marketplace.ts';
import { read } from './stack.ts';
import type { Workshop } from './workshop.ts';

interface Journal {
  readonly journalId: string;
  readonly kind: string;
  readonly entries: readonly { readonly account: string; readonly amount: number }[];
}

const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

/** The journals of an order's part at this facility: its sale and its refunds, oldest first. */
export async function journalsOf(checkout: Checkout, { facilityId }: Workshop): Promise<readonly Journal[]> {
  const saleId = `${idOf(checkout)}@${facilityId}`;
  const { items } = await read<{ items: Journal[] }>('ledger', `journals?saleId=${encodeURIComponent(saleId)}`);
  return items;
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
    expect(await read('ledger', `journals/${journalId}/explain`)).toMatchObject({ matches: true });
  }
  const isReceivable = (account: string): boolean => account.startsWith(`channel:${checkout.channel}:receivable@`);
  const movements = Object.entries(movementsOf(journals));
  expect(sumOf(movements.map(([account, amount]) => (isReceivable(account) ? amount : 0)))).toBe(buyerPaid);
  expect(sumOf(movements.map(([account, amount]) => (isReceivable(account) ? 0 : -amount)))).toBe(buyerPaid);
  expect(await read('ledger', 'trial-balance')).toMatchObject({ total: 0 });
}
