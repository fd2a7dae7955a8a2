import type { Floored, Ratio, Rupiah } from '#libs/money';
import { accountOfCode } from '../../books/accounts/account.ts';
import { availableOf } from '../../sales/releases/release.ts';
import type { Chain, Link, Reversal } from './derivation.ts';
import { type Language, phrases, subjects } from './phrases.ts';

/** What is known about one entry: enough to say why it is there. Amounts of the entry: debit positive. */
export interface ExplainedEntry {
  readonly account: string;
  readonly amount: Rupiah;
  readonly orderId: string;
  /** One line, or all of the order for what the channel holds. */
  readonly lines: readonly {
    readonly lineRef: string;
    readonly quantity: number;
    readonly unitPrice: Rupiah;
    /** That shared it. */
    readonly agreement: { readonly id: string; readonly version: number };
    readonly chains: readonly Chain[];
  }[];
  readonly refund?: {
    readonly refundRef: string;
    readonly amount: Rupiah;
    readonly price: Rupiah;
    readonly refunded: Rupiah;
    /** Beyond the price. */
    readonly goodwill: Rupiah;
    readonly reversals: readonly Reversal[];
  };
}

/** Why an entry is there, as one sentence that a person understands. Every figure in it is one of the explanation. */
export function sentence(entry: ExplainedEntry, language: Language): string {
  const say = phrases[language];
  const { class: accountClass } = accountOfCode(entry.account);
  const grows = accountClass === 'asset' ? entry.amount > 0 : entry.amount < 0;
  const head = say.moves(subject(entry.account, language), grows, rupiah(Math.abs(entry.amount), language));
  const because = entry.refund ? refundOf(entry, entry.refund, language) : saleOf(entry, language);
  return `${head} ${because}.`;
}

function saleOf({ orderId, lines }: ExplainedEntry, language: Language): string {
  const say = phrases[language];
  const [line] = lines;
  if (lines.length !== 1 || line === undefined || line.chains.some(({ links }) => links[0]?.link === 'price')) {
    return say.paid(orderId, lines.length);
  }
  const text = (chain: Chain) =>
    chain.links
      .map((link) => textOf(link, line.agreement, language))
      .filter(Boolean)
      .join(', ');
  const lots = new Set(line.chains.map(({ lotId }) => lotId));
  const parts = line.chains.map((chain) =>
    lots.size > 1 ? `${say.lot(chain.lotId ?? '')}: ${text(chain)}` : text(chain),
  );
  const sold = say.sold(orderId, line.lineRef, line.quantity, rupiah(line.unitPrice, language));
  return `${sold}: ${parts.join('; ')}`;
}

function refundOf({ account, amount, orderId, lines }: ExplainedEntry, refund: Refund, language: Language): string {
  const say = phrases[language];
  const head = say.refunded(refund.refundRef, orderId, lines[0]?.lineRef ?? '', rupiah(refund.amount, language));
  const { purpose, owner } = accountOfCode(account);
  if (owner.startsWith('channel:') && purpose === 'receivable') return head;
  const parts = refund.reversals.map((back) => {
    const due = rounded(back.reversed, back.exact, language);
    const ofWhole = `${number(back.due.num, language)}/${number(back.due.den, language)}`;
    const lot = back.lotId === undefined ? '' : `${say.lot(back.lotId)}: `;
    return lot + say.takenBack(rupiah(back.credited, language), ofWhole, due, rupiah(back.reversedBefore, language));
  });
  if (refund.goodwill > 0 && purpose === 'earnings') parts.push(say.goodwill(rupiah(refund.goodwill, language)));
  const due = refund.reversals.reduce((sum, { result }) => sum + result, 0);
  const share = refund.reversals.filter((back) => availableOf(back.account) === account);
  const borne = amount - refund.goodwill - share.reduce((sum, { result }) => sum + result, 0);
  if (purpose === 'earnings' && borne > 0) parts.push(say.stoodIn(rupiah(borne, language)));
  const elsewhere = refund.reversals.some((back) => back.account !== account) || due > amount;
  if (elsewhere && refund.reversals.length > 0 && refund.goodwill === 0) {
    const [all, here] = [rupiah(due, language), rupiah(amount, language)];
    if (purpose === 'receivable') parts.push(say.owed(all, rupiah(due - amount, language), here));
    else if (due !== amount) parts.push(say.fromHere(all, here));
  }
  return parts.length === 0 ? head : `${head}: ${parts.join('; ')}`;
}

type Refund = NonNullable<ExplainedEntry['refund']>;

/** A computation, as a part of a sentence about all that lead to an entry. */
function textOf(link: Link, agreement: { id: string; version: number }, language: Language): string {
  const { ofWhich, and } = phrases[language];
  const text = statement(link, agreement, language);
  if (link.link === 'share') return `${ofWhich}${text}`;
  return link.link === 'contribution' && !isAlone(link) ? `${and}${text}` : text;
}

/** A computation by itself; of a step that takes what is left, nothing. */
export function statement(link: Link, agreement: { id: string; version: number }, language: Language): string {
  const say = phrases[language];
  const money = (amount: Rupiah) => rupiah(amount, language);
  switch (link.link) {
    case 'basis': {
      const before = (['tax', 'fees', 'shipping', 'recovered'] as const)
        .filter((deduction) => link[deduction] > 0 && counts(link.basis, deduction))
        .map((deduction) => `${say.deductions[deduction]} ${money(link[deduction])}`);
      return say.shared(money(link.price), before, money(link.result), `${agreement.id} v${agreement.version}`);
    }
    case 'deduction':
      return say.deducted(say.deductions[link.deduction], money(link.result));
    case 'borne':
      return say.borne(money(-link.result));
    case 'step': {
      if (link.asks === 'rest') return '';
      const soFar = link.soFar && say.soFar(link.soFar.period, money(link.soFar.input), money(link.soFar.taken));
      const binding = link.limits.find(({ room }) => room === link.result)?.limit;
      const taken = link.result < link.asked ? say.limited(money(link.asked), money(link.result), binding ?? '') : '';
      const raised = link.result > link.asked ? say.raised(money(link.asked), money(link.result)) : '';
      const asked = rounded(link.asked, { whole: link.asked, fraction: link.soFar ? none : link.roundedOff }, language);
      return `${say.step(link.step, askOf(link, language), soFar ?? '')} ${taken || raised || asked}`;
    }
    case 'share':
      return say.share(
        rate(link.rate, language),
        say.destination(link.destination),
        rounded(link.result, link.exact, language),
      );
    case 'contribution':
      return isAlone(link)
        ? say.alone(link.makerId)
        : say.contribution(
            link.makerId,
            decimal(link.weight, language),
            decimal(link.weights, language),
            say.measures[link.measure],
            rounded(link.result, link.exact, language),
          );
    case 'suspense':
      return say.suspense;
    case 'premi': {
      const [only] = link.lots;
      const lots =
        link.lots.length === 1 && only
          ? only.links
              .map((each) => textOf(each, agreement, language))
              .filter(Boolean)
              .join(', ')
          : '';
      return `${lots && `${lots}, `}${say.premi(link.makerId, money(link.result))}`;
    }
    case 'price':
      return '';
  }
}

function isAlone({ result, input, weight, weights }: Extract<Link, { link: 'contribution' }>): boolean {
  return result === input && weight === weights;
}

/** Whether a basis is what is left after this deduction (U3). */
function counts(basis: 'gross' | 'net-of-fees' | 'net-of-costs', deduction: 'tax' | 'fees' | 'shipping' | 'recovered') {
  if (basis === 'gross') return deduction === 'tax';
  return basis === 'net-of-costs' || deduction === 'tax' || deduction === 'fees';
}

function askOf({ asks, input }: Extract<Link, { link: 'step' }>, language: Language): string {
  const say = phrases[language];
  if (asks === 'rest') return '';
  if ('rate' in asks) {
    const exact = 'bp' in asks.rate ? { num: asks.rate.bp, den: 10_000 } : asks.rate;
    return say.rateOf(rate(exact, language), rupiah(input, language));
  }
  if ('bands' in asks) return say.bandsOf(rupiah(input, language));
  if ('perUnit' in asks) return say.perUnit(rupiah(asks.perUnit, language));
  return say.fixed;
}

const none: Ratio = { num: 0, den: 1 };

/** `Rp500,001 (rounded up from 500,000.5)`. */
export function rounded(result: Rupiah, { whole, fraction }: Floored, language: Language): string {
  const amount = rupiah(result, language);
  if (fraction.num === 0) return amount;
  const exact = `${number(whole, language)}${comma[language]}${digitsOf(fraction)}`;
  return `${amount} (${phrases[language].rounded(result > whole, exact)})`;
}

/** Decimals of a fraction below 1: all if they end soon, else two that say something. */
function digitsOf({ num, den }: Ratio): string {
  let rest = BigInt(num);
  let digits = '';
  while (rest > 0n && (digits.length < 2 || /^0*$/.test(digits))) {
    rest *= 10n;
    digits += String(rest / BigInt(den));
    rest %= BigInt(den);
  }
  return rest > 0n ? `${digits}…` : digits;
}

/** `50%`, `12.5%`, or `3/7` where no percentage is exact. */
export function rate({ num, den }: Ratio, language: Language): string {
  if ((num * 10_000) % den !== 0) return `${num}/${den}`;
  return `${decimal(String((num * 100) / den), language)}%`;
}

const comma: Record<Language, string> = { id: ',', en: '.' };

export function decimal(text: string, language: Language): string {
  return text.replace('.', comma[language]);
}

function number(amount: Rupiah, language: Language): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, language === 'id' ? '.' : ',');
}

export function rupiah(amount: Rupiah, language: Language): string {
  return `${amount < 0 ? '-' : ''}Rp${number(Math.abs(amount), language)}`;
}

/** What an account is, to somebody who has never seen its code. */
export function subject(account: string, language: Language): string {
  const { owner, purpose, facilityId } = accountOfCode(account);
  const [kind = '', ...id] = owner.split(':');
  const name = id.join(':');
  return (
    (subjects[`${kind} ${purpose}`] ?? subjects[purpose])?.[language](name || (facilityId ?? ''), facilityId ?? '') ??
    account
  );
}
