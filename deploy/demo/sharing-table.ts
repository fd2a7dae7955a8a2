/** How a sale of one product from one lot was shared, as a table for people: payee, rule, amount, account balance. */
import Table from 'cli-table3';

type Rate = { bp: number } | { num: number; den: number };

/** What the ledger's `GET /v1/journals/{id}/explanation` says, as far as the table tells it. */
export interface Explanation {
  readonly matches: boolean;
  /** Of the demo there is one line. */
  readonly lines: readonly { readonly agreement: Agreement; readonly portions: readonly Portion[] }[];
  readonly posted: readonly { readonly account: string; readonly amount: number }[];
}

interface Agreement {
  readonly id: string;
  readonly version: number;
  readonly sale: { readonly steps: readonly { readonly id: string; readonly to: string | readonly Share[] }[] };
}

interface Share {
  readonly to: string;
  readonly rate: Rate;
}

interface Portion {
  readonly quantity: number;
  readonly basis: number;
  readonly measure: string;
  readonly contributions: readonly { readonly makerId: string; readonly weight: string }[];
}

/**
 * @param facility its name
 * @param balances of the accounts, as the ledger counts them: debit positive
 */
export function sharingTable(
  explanation: Explanation,
  facility: string,
  balances: ReadonlyMap<string, number>,
): string {
  const table = new Table({
    head: ['Payee', 'Rule', 'Amount', 'Account balance'],
    colAligns: ['left', 'left', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const credits = new Map<string, number>();
  for (const { account, amount } of explanation.posted) {
    if (!account.includes(':receivable@')) credits.set(account, (credits.get(account) ?? 0) - amount);
  }
  for (const [account, amount] of credits) {
    const balance = 0 - (balances.get(account) ?? 0);
    table.push([payeeOf(account, facility), ruleOf(account, explanation), rupiah(amount), rupiah(balance)]);
  }
  const total = [...credits.values()].reduce((sum, amount) => sum + amount, 0);
  table.push(['Together', 'what the buyer paid', rupiah(total), '']);
  const { id, version } = agreementOf(explanation);
  return [
    `${facility}, by agreement ${id} version ${version}: ${rupiah(basisOf(explanation))} to share after costs`,
    table.toString(),
    ...(explanation.matches ? [] : ['ALARM: computed again, this sale is shared otherwise than it was posted.']),
  ].join('\n');
}

export function rupiah(amount: number): string {
  return `Rp ${amount.toLocaleString('id-ID')}`;
}

/** Account codes are owner and purpose: `maker:M1:wages-pending`, `state:pnbp@F1`. */
function payeeOf(account: string, facility: string): string {
  const [owner, id] = account.split(':');
  if (owner === 'maker') return `Maker ${id}`;
  if (owner === 'state') return 'State (PNBP)';
  if (owner === 'channel') return `Channel ${id}`;
  return facility;
}

function ruleOf(account: string, explanation: Explanation): string {
  const portions = portionsOf(explanation);
  const shareOf = (destination: string): string =>
    `${percent(rateOf(agreementOf(explanation), destination))} of ${rupiah(basisOf(explanation))}`;
  const [owner, id = ''] = account.split(':');
  if (owner === 'maker') return [...portions.flatMap((portion) => workOf(id, portion)), shareOf('makers')].join(' of ');
  if (owner === 'state') return shareOf('state');
  if (account.includes(':fees@')) return 'fee';
  if (account.includes(':shipping@')) return 'shipping';
  if (account.endsWith(':cost-recovery')) {
    return `production cost of ${portions.reduce((sum, { quantity }) => sum + quantity, 0)} pcs`;
  }
  return shareOf('facility');
}

/** A maker's work among all of a lot's: `7.5/12 hours`; nothing where there was only one. */
function workOf(makerId: string, { measure, contributions }: Portion): string[] {
  const own = contributions.find((contribution) => contribution.makerId === makerId);
  if (!own || contributions.length === 1) return [];
  if (measure === 'equal') return [`1/${contributions.length}`];
  const all = contributions.reduce((sum, { weight }) => sum + Number(weight), 0);
  return [`${own.weight}/${all} ${measure}`];
}

function portionsOf({ lines }: Explanation): readonly Portion[] {
  return lines.flatMap(({ portions }) => portions);
}

function basisOf(explanation: Explanation): number {
  return portionsOf(explanation).reduce((sum, { basis }) => sum + basis, 0);
}

function agreementOf({ lines: [line] }: Explanation): Agreement {
  if (line === undefined) throw new Error('the sale of the demo has no line');
  return line.agreement;
}

function rateOf({ sale }: Agreement, destination: string): Rate {
  const shares = sale.steps.flatMap(({ to }) => (typeof to === 'string' ? [] : to));
  return shares.find(({ to }) => to === destination)?.rate ?? { num: 1, den: 1 };
}

function percent(rate: Rate): string {
  return 'bp' in rate ? `${rate.bp / 100} %` : `${rate.num}/${rate.den}`;
}
