import type { ChargeBorne } from '#libs/contracts';
import type { Rupiah } from '#libs/money';
import { accountOfCode } from '../../books/accounts/account.ts';
import { postingDate } from '../../books/calendar/period.ts';
import type { Entry } from '../../books/journals/journal.ts';
import { missing } from '../../decisions/closes/floor.ts';
import { availableOf } from '../../sales/releases/release.ts';
import { exactPart } from '../../sales/withdrawals/withdrawal.ts';
import { ratioOfRate } from '../../sharing/agreements/agreement.ts';
import type { Cause, Recovery } from '../recompute/cause.ts';
import { causePhrases } from './cause-phrases.ts';
import { type Language, phrases } from './phrases.ts';
import { decimal, rate, rounded, rupiah, subject } from './sentence.ts';

/** Why an entry of a journal is there that neither sells nor refunds, as one sentence that a person understands. */
export function causeSentence(entry: Caused, cause: Cause, language: Language): string {
  const { account, amount } = entry;
  const { class: accountClass, purpose } = accountOfCode(account);
  // A variance is what was kept beyond what was expected: a debit is more of it.
  const grows = accountClass === 'asset' || purpose === 'variance' ? amount > 0 : amount < 0;
  const head = phrases[language].moves(subject(account, language), grows, rupiah(Math.abs(amount), language));
  return `${head} ${because(entry, cause, language)}.`;
}

type Caused = Pick<Entry, 'account' | 'amount' | 'step'>;

type Of<Name extends Cause['cause']> = Extract<Cause, { readonly cause: Name }>;

function because({ account, amount, step }: Caused, cause: Cause, language: Language): string {
  const say = causePhrases[language];
  const money = (value: Rupiah) => rupiah(value, language);
  switch (cause.cause) {
    case 'settlement':
      return settlement(account, cause, language);
    case 'difference':
      return difference(account, cause, language);
    case 'held':
    case 'held-cleared':
      return held(cause, language);
    case 'charge':
      return charged(cause.charge, cause.charge.paidOut + cause.charge.withheldTax, language);
    case 'withdrawal': {
      const { withdrawal } = cause;
      const { channel, amount: all, wallet, bank, withdrawnAt, withdrawalId, facilityId, balance, total } = withdrawal;
      const part = rounded(withdrawal.part, exactPart(withdrawal), language);
      const head = say.withdrawn(channel, money(all), wallet, bank, postingDate(withdrawnAt), withdrawalId);
      return `${head}: ${say.ofWallet(facilityId, money(balance), money(total), part)}`;
    }
    case 'release':
      return release(account, cause, language);
    case 'payout': {
      const { payoutId, amount: paid, bank, createdBy, reviewedBy, decidedBy } = cause.item;
      return say.paid(payoutId, money(paid), bank, postingDate(cause.at), [createdBy, reviewedBy, decidedBy]);
    }
    case 'payout-failed': {
      const { payoutId, amount: paid, bank, reason } = cause.item;
      return say.sentBack(payoutId, money(paid), bank, postingDate(cause.at), reason ?? '');
    }
    case 'deposit': {
      const { amount: deposited, billingCode, ntpn, depositedAt, by } = cause.deposit;
      return say.deposited(money(deposited), billingCode, ntpn, postingDate(depositedAt), by);
    }
    case 'adjustment': {
      const { type, reason, createdBy, approvedBy } = cause.draft;
      return say.decided(say.types[type] ?? type, reason, [createdBy, approvedBy]);
    }
    case 'custody': {
      const { makerId, into, reason, createdBy, approvedBy } = cause.event;
      const what = into === undefined ? say.endOfCustody(makerId) : say.samePerson(makerId, into);
      return say.decided(what, reason, [createdBy, approvedBy]);
    }
    case 'contributions':
      return contributions({ account, step }, cause, language);
    case 'variance': {
      const { month, requestedBy, approvedBy } = cause.close;
      const closed = say.closed(month, [requestedBy, approvedBy]);
      const { owner, purpose } = accountOfCode(account);
      const why =
        purpose === 'variance'
          ? say.keptMore(owner.replace(/^channel:/, ''), amount < 0, money(Math.abs(amount)))
          : say.borne(money(Math.abs(amount)), amount < 0);
      return `${closed}: ${why}`;
    }
    case 'floor':
      return floor({ account, step }, cause, language);
  }
}

function settlement(account: string, cause: Of<'settlement'>, language: Language): string {
  const say = causePhrases[language];
  const { report, held, settled, variance } = cause;
  const [fee, shipping, withheld] = [report.fee, report.shipping, report.withheldTax].map((value) =>
    rupiah(value, language),
  ) as [string, string, string];
  const unreported = variance - report.fee - report.shipping + settled.fee + settled.shipping;
  const why: Record<string, string> = {
    receivable:
      settled.revenue === held
        ? say.settledBy.paidOut(rupiah(held, language))
        : say.settledBy.part(rupiah(settled.revenue, language), rupiah(held, language)),
    bank:
      report.revenue === undefined
        ? say.settledBy.toBank(rupiah(held, language), fee, shipping, withheld)
        : say.settledBy.reported(rupiah(report.revenue, language), fee, shipping, withheld),
    fees: say.settledBy.cleared('fee', rupiah(settled.fee, language)),
    shipping: say.settledBy.cleared('shipping', rupiah(settled.shipping, language)),
    'pph22-withheld': say.settledBy.withheld(withheld),
    variance: say.settledBy.variance(
      rupiah(report.fee + report.shipping, language),
      rupiah(settled.fee + settled.shipping, language),
      unreported === 0 ? null : rupiah(unreported, language),
    ),
  };
  const head = say.settled(report.settlementId, report.channel, report.saleId);
  return `${head}: ${why[accountOfCode(account).purpose] ?? ''}`;
}

function difference(account: string, cause: Of<'difference'>, language: Language): string {
  const say = causePhrases[language];
  const { difference: of, held, expectedFee, expectedShipping } = cause;
  const { saleId, channel, settlementId, refundId, reason = '', createdBy = null, approvedBy = null } = of;
  const ended =
    refundId === undefined
      ? say.accepted(saleId, settlementId, reason, [createdBy, approvedBy])
      : say.agreed(saleId, settlementId, refundId);
  const why: Record<string, string> = {
    receivable: say.settledBy.left(channel, rupiah(held, language)),
    fees: say.settledBy.cleared('fee', rupiah(expectedFee, language)),
    shipping: say.settledBy.cleared('shipping', rupiah(expectedShipping, language)),
    variance: say.settledBy.difference(
      rupiah(held, language),
      rupiah(Math.abs(expectedFee + expectedShipping), language),
      expectedFee + expectedShipping < 0,
    ),
  };
  return `${ended}: ${why[accountOfCode(account).purpose] ?? ''}`;
}

function charged(
  { channel, called, store }: Pick<ChargeBorne, 'channel' | 'called' | 'store'>,
  amount: Rupiah,
  language: Language,
): string {
  return causePhrases[language].charged(channel, rupiah(Math.abs(amount), language), amount > 0, called, store ?? null);
}

function held({ cause, hold }: Of<'held' | 'held-cleared'>, language: Language): string {
  const say = causePhrases[language];
  const { subject, orderId, channel, amount, settlement, assignment, charge } = hold;
  if (cause === 'held-cleared') return charge ? say.noLongerOfNoStore(charge.called) : say.noLongerHeld(orderId);
  const { reason = '', createdBy = '', approvedBy = null } = assignment ?? {};
  const settlementId = settlement?.settlementId ?? '';
  const money = rupiah(amount, language);
  if (charge) {
    const why = charged({ channel, ...charge }, amount, language);
    return subject === 'assigned' ? say.assignedCharge(why, reason, [createdBy, approvedBy]) : say.ofNoStore(why);
  }
  switch (subject) {
    case 'assigned':
      return say.assigned(orderId, money, settlementId, reason, [createdBy, approvedBy]);
    case 'charge':
      throw new RangeError('a charge is held without what it is called');
    default:
      return say.held[subject](orderId, channel, money, settlementId);
  }
}

function release(account: string, { saleId, because, recoveries }: Of<'release'>, language: Language): string {
  const say = causePhrases[language];
  const how =
    'settlementId' in because ? say.bySettlement(because.settlementId) : say.byWindow(because.returnWindowEnded);
  const released = say.released(saleId, how);
  const { owner, purpose } = accountOfCode(account);
  if (purpose.endsWith('-pending')) return `${released}: ${say.notPending}`;
  const recovery = recoveries.find((each) => accountOfCode(each.account).owner === owner);
  if (!recovery || recovery.recovered === 0) return `${released}: ${say.allOfIt}`;
  const { released: amount, recovered, owed } = recovery;
  const [all, taken] = [rupiah(amount, language), rupiah(recovered, language)];
  return purpose === 'receivable'
    ? `${released}: ${say.recovered(limitsOf(recovery, language), rupiah(owed, language), taken)}`
    : `${released}: ${say.made(all, taken)}`;
}

function limitsOf({ limits }: Recovery, language: Language): string {
  const say = causePhrases[language];
  return limits
    .map(({ rate: of, released, most }) =>
      say.limit(rate(ratioOfRate(of), language), rupiah(released, language), rounded(most.whole, most, language)),
    )
    .join('; ');
}

/** A maker's account tells of the maker alone; others of all whom the facility's floor is guaranteed to. */
function floor({ account, step }: Omit<Caused, 'amount'>, { close }: Of<'floor'>, language: Language): string {
  const say = causePhrases[language];
  const { month, requestedBy, approvedBy, floor, facilityId, makers } = close;
  const closed = say.closed(month, [requestedBy, approvedBy]);
  const maker = makers.find(({ makerId }) => accountOfCode(account).owner === `maker:${makerId}`);
  const lacking = maker ? [maker] : makers.filter((each) => missing(floor, each) > 0);
  const all = rupiah(
    lacking.reduce((sum, each) => sum + missing(floor, each), 0),
    language,
  );
  const guaranteed = rupiah(floor, language);
  const why = maker
    ? say.belowFloor(rupiah(maker.premi, language), guaranteed, all, facilityId)
    : say.allBelowFloor(lacking.length, guaranteed, all, facilityId);
  return `${closed}: ${why}${step === null ? '' : `, ${say.throughStep(step)}`}`;
}

function contributions(
  { account, step }: Omit<Caused, 'amount'>,
  cause: Of<'contributions'>,
  language: Language,
): string {
  const say = causePhrases[language];
  const { recorded, held, reversed, makers } = cause;
  const { lot, orderId, lineRef, reason, createdBy, approvedBy } = recorded;
  const head = say.recorded(lot.lotId, orderId, lineRef, reason, [createdBy, approvedBy]);
  const maker = makers.find(({ makerId }) => accountOfCode(account).owner === `maker:${makerId}`);
  if (!maker) return `${head}: ${say.leftSuspense(rupiah(held, language), rupiah(reversed, language))}`;
  const { makerId, weight, weights, exact, amount } = maker;
  const part = rounded(amount, exact, language);
  const ofLot = say.ofLot(makerId, decimal(weight, language), decimal(weights, language), rupiah(held, language), part);
  const share = maker.shares.find((each) => each.step === step && sameMoney(each.account, account));
  const own = share && step !== null ? `, ${say.ofStep(step, rupiah(share.amount, language))}` : '';
  const { reversed: taken } = share ?? maker;
  const less = taken === 0 ? '' : `, ${say.lessRefunds(rupiah(taken, language))}`;
  return `${head}: ${ofLot}${own}${less}`;
}

/** Whether one is the other when its money is available. */
function sameMoney(account: string, other: string): boolean {
  return account === other || availableOf(account) === other;
}
