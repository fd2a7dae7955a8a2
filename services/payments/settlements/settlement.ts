import { fault, type SettledAmounts } from '#libs/contracts';
import type { Rupiah } from '#libs/money';

/** Where what a channel pays out comes to, if it does not say another. */
export function walletOf(channel: string): string {
  return `${channel}-wallet`.slice(0, 40);
}

type KeptAmounts = Pick<SettledAmounts, 'fee' | 'shipping' | 'withheldTax'>;

/** What a report is about is what was paid out and what was kept of it, to the rupiah. @returns what is wrong, by field */
export function faultOfSum({ revenue, paidOut, ...kept }: KeptAmounts & { revenue: Rupiah; paidOut: Rupiah }) {
  const sum = [paidOut, kept.fee, kept.shipping, kept.withheldTax].reduce((all, each) => all + BigInt(each), 0n);
  if (BigInt(revenue) === sum) return [];
  return [
    {
      field: 'revenue',
      ...fault(
        'not-the-sum',
        `must be what was paid out and kept together, ${sum}`,
        `harus sama dengan yang dibayarkan ditambah yang ditahan, ${sum}`,
      ),
    },
  ];
}

/**
 * The books can hold a settlement if what was kept, and what is given back of it, fit with what the buyer paid into
 * 2^53-1 rupiah; no more is given back than the buyer paid.
 * @param paid by the buyer
 * @returns what is wrong with the amounts together, by field
 */
export function faultsOf({ fee, shipping, withheldTax }: KeptAmounts, paid: Rupiah) {
  const amounts = { fee, shipping, withheldTax };
  const room = Number.MAX_SAFE_INTEGER - paid;
  const sumOf = (sign: 1 | -1) => Object.values(amounts).reduce((sum, each) => sum + Math.max(0, sign * each), 0);
  const wrong = (sign: 1 | -1, en: string, id: string) =>
    Object.entries(amounts).flatMap(([field, each]) =>
      sign * each > 0 ? [{ field, ...fault('too-much', en, id) }] : [],
    );
  const backMax = Math.min(paid, room);
  return [
    ...(sumOf(1) > room
      ? wrong(1, `may keep, with the others, at most ${room}`, `bersama yang lain boleh menahan paling banyak ${room}`)
      : []),
    ...(sumOf(-1) > backMax
      ? wrong(
          -1,
          `may give back, with the others, at most ${backMax}`,
          `bersama yang lain boleh mengembalikan paling banyak ${backMax}`,
        )
      : []),
  ];
}
