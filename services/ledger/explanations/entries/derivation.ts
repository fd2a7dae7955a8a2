import { type Floored, floorOfProduct, type Ratio, type Rupiah, ratioOf } from '#libs/money';
import { accountOfCode } from '../../books/accounts/account.ts';
import { type Agreement, ratioOfRate, type Step } from '../../sharing/agreements/agreement.ts';
import type { MakerPart } from '../../sharing/waterfall/contribution.ts';
import type { PortionExplanation, StepShare } from '../../sharing/waterfall/waterfall.ts';
import type { ExplainedCredit, ExplainedLine, ExplainedRefund } from '../recompute/explanation.ts';

/** One computation on the way from a price to an entry: what went in, and `result`, what came out. */
export type Link =
  | Basis
  | { readonly link: 'deduction'; readonly deduction: Deduction; readonly result: Rupiah }
  | { readonly link: 'borne'; readonly cash: Rupiah; readonly result: Rupiah }
  | StepLink
  | GroupShare
  | ContributionShare
  | { readonly link: 'suspense'; readonly result: Rupiah }
  | { readonly link: 'premi'; readonly makerId: string; readonly lots: readonly Chain[]; readonly result: Rupiah }
  | { readonly link: 'price'; readonly result: Rupiah };

type StepLink = { readonly link: 'step'; readonly result: Rupiah } & Omit<StepShare, 'taken' | 'to'>;

type Deduction = 'fees' | 'shipping' | 'tax' | 'recovered';

/** What of a lot's price there is to share. */
interface Basis
  extends Pick<PortionExplanation, 'quantity' | 'gross' | 'discount' | 'price' | 'tax' | 'fees' | 'shipping'> {
  readonly link: 'basis';
  readonly basis: Agreement['basis'];
  readonly cost: Rupiah;
  readonly recovered: Rupiah;
  readonly result: Rupiah;
}

/** A destination's part of what a step took; the exact product, then whole rupiah by largest remainder (A1). */
interface GroupShare {
  readonly link: 'share';
  readonly destination: string;
  readonly input: Rupiah;
  readonly rate: Ratio;
  readonly exact: Floored;
  readonly result: Rupiah;
}

/** A maker's part of what a lot's makers got together (A1). */
interface ContributionShare {
  readonly link: 'contribution';
  readonly makerId: string;
  readonly measure: PortionExplanation['measure'];
  readonly weight: string;
  readonly weights: string;
  readonly input: Rupiah;
  readonly exact: Floored;
  readonly result: Rupiah;
}

/** How a part of a credit came about. The chains of a credit add up to it. */
export interface Chain {
  /** Null: of the whole line. */
  readonly lotId: string | null;
  readonly links: readonly Link[];
  /** Result of the last link; positive is credited. */
  readonly amount: Rupiah;
}

/** What a line credits to an account, or by a maker's own step; a credit of a sale (golden.md, F1). */
export interface CreditKey {
  readonly account: string;
  readonly step: string | null;
}

/** Every computation behind one credit of a line: lot by lot or, where makers have own steps, maker by maker. */
export function derivation(line: ExplainedLine, credit: CreditKey, agreement: Agreement): Chain[] {
  const chains =
    credit.step === null
      ? line.portions.flatMap((portion) => chainsOfPortion(portion, credit.account, agreement))
      : chainsOfOwnSteps(line, credit, agreement);
  return chains.filter(({ amount }) => amount !== 0);
}

/** The debit of a line is its price. */
export function priceChain({ price }: ExplainedLine): Chain {
  return { lotId: null, links: [{ link: 'price', result: price }], amount: price };
}

/** What a refund takes back of one credit (F1): the exact part of what is refunded in all, and what is new of it. */
export interface Reversal extends CreditKey {
  /** Of a maker who was recorded later, or of one who is not yet: the lot, whose part was in suspense. */
  readonly lotId?: string;
  /** Of a lot: what the sale put into suspense for it. */
  readonly held?: Rupiah;
  readonly credited: Rupiah;
  /** What is due back in all of what it is a part of: of the line's price, or of the lot's. */
  readonly due: Ratio;
  readonly exact: Floored;
  readonly reversedBefore: Rupiah;
  readonly reversed: Rupiah;
  readonly result: Rupiah;
}

/** Those credits of a line whose reversal this account bears: its own or, when they are gone from there, those behind it. */
export function reversalsBehind(entry: CreditKey, { price, refunded, credits }: ExplainedRefund): Reversal[] {
  const ofLine = { num: refunded, den: price };
  const all = credits.flatMap((credit): Reversal[] => {
    // Where makers were recorded later, they stand behind their lot, and it behind the credit.
    if (credit.parts.some(({ parts }) => parts.length > 0))
      return credit.parts.flatMap((lot) => reversalsOfLot(lot, credit));
    const [account = '', step = null] = credit.name.split(/#(?=[^#]*$)/);
    return [{ account, step, ...reversalOf(credit, ofLine) }];
  });
  const own = all.filter(({ account, step }) => account === entry.account && step === entry.step);
  if (own.length > 0) return own;
  const { owner } = accountOfCode(entry.account);
  const ofOwner = all.filter(({ account, step }) => accountOfCode(account).owner === owner && step === entry.step);
  return ofOwner.length > 0 ? ofOwner : all.filter(({ step }) => step !== null && step === entry.step);
}

function reversalOf({ amount, reversedBefore, reversed }: ExplainedCredit, due: Ratio) {
  // A line of price 0 is reversed whole (F2), and what a facility bears on a side of its own: no ratio of the price.
  const exact =
    due.den > 0 && amount > 0 ? floorOfProduct(amount, due) : { whole: reversed, fraction: { num: 0, den: 1 } };
  return { credited: amount, due, exact, reversedBefore, reversed, result: reversed - reversedBefore };
}

function reversalsOfLot(lot: ExplainedCredit, credit: ExplainedCredit): Reversal[] {
  const ofLot = { lotId: lot.name, held: lot.amount, step: null };
  const due = { num: lot.reversed, den: lot.amount };
  return lot.parts.length === 0
    ? [{ ...ofLot, account: lot.account, ...reversalOf(lot, { num: credit.reversed, den: credit.amount }) }]
    : lot.parts.map((maker) => ({ ...ofLot, account: maker.account, ...reversalOf(maker, due) }));
}

const deductionOf: Record<string, Deduction> = {
  fees: 'fees',
  shipping: 'shipping',
  'vat-output': 'tax',
  'cost-recovery': 'recovered',
};

function chainsOfPortion(portion: PortionExplanation, account: string, agreement: Agreement): Chain[] {
  const { owner, purpose } = accountOfCode(account);
  const deduction = deductionOf[purpose];
  if (deduction) return [chainOf(portion, { link: 'deduction', deduction, result: portion[deduction] })];
  if (purpose === 'suspense') {
    if (portion.makers !== null) return [];
    const [links, held] = makersPart(portion, agreement);
    return [chainOf(portion, ...links, { link: 'suspense', result: held })];
  }
  if (owner.startsWith('maker:')) return [contributionOf(portion, owner, agreement)].filter((chain) => chain !== null);

  const shares = portion.steps.flatMap((step) =>
    step.to.flatMap((to, index) =>
      to.account === account ? [chainOf(portion, ...linksOfStep(step, index, portion, agreement))] : [],
    ),
  );
  const { cash, borne } = portion;
  return purpose === 'earnings-pending'
    ? [...shares, chainOf(portion, { link: 'borne', cash, result: -borne })]
    : shares;
}

function chainsOfOwnSteps(line: ExplainedLine, credit: CreditKey, agreement: Agreement): Chain[] {
  return line.makers.flatMap(({ makerId, premi, steps }) =>
    steps
      .filter(({ step }) => step === credit.step)
      .flatMap((step) =>
        step.to.flatMap(({ account }, index) => {
          if (account !== credit.account) return [];
          const lots = line.portions
            .map((portion) => contributionOf(portion, `maker:${makerId}`, agreement))
            .filter((chain) => chain !== null);
          const links: Link[] = [
            { link: 'premi', makerId, lots, result: premi },
            ...stepAndShare(step, index, agreement.maker?.steps ?? []),
          ];
          return [{ lotId: null, links, amount: links.at(-1)?.result ?? 0 }];
        }),
      ),
  );
}

function contributionOf(portion: PortionExplanation, owner: string, agreement: Agreement): Chain | null {
  const part = portion.makers?.find(({ makerId }) => `maker:${makerId}` === owner);
  if (!part) return null;
  const [links, input] = makersPart(portion, agreement);
  return chainOf(portion, ...links, contributionShare(part, portion, input));
}

/** @param input what the lot's makers get together */
export function contributionShare(
  part: MakerPart,
  { measure, makers }: Pick<PortionExplanation, 'measure' | 'makers'>,
  input: Rupiah,
): ContributionShare {
  const weightOf = ({ weight }: { weight: string }) => (measure === 'equal' ? '1' : weight);
  const { weights, ratio } = ratioOfWeights(weightOf(part), (makers ?? []).map(weightOf));
  return {
    link: 'contribution',
    makerId: part.makerId,
    measure,
    weight: weightOf(part),
    weights,
    input,
    exact: floorOfProduct(input, ratio),
    result: part.amount,
  };
}

/** What the makers of a lot get together, of all steps that give them something. */
function makersPart(portion: PortionExplanation, agreement: Agreement): [links: Link[], amount: Rupiah] {
  let amount = 0;
  const links = portion.steps.flatMap((step) =>
    step.to.flatMap((to, index) => {
      if (to.account !== undefined) return [];
      amount += to.amount;
      return stepAndShare(step, index, agreement.sale.steps);
    }),
  );
  return [[basisOf(portion, agreement), ...links], amount];
}

function linksOfStep(step: StepShare, index: number, portion: PortionExplanation, agreement: Agreement): Link[] {
  return [basisOf(portion, agreement), ...stepAndShare(step, index, agreement.sale.steps)];
}

/** A step and, if it gives to a group, its `index`-th destination. */
export function stepAndShare(
  { taken, to, ...taking }: StepShare,
  index: number,
  steps: readonly Step[],
): [step: StepLink] | [step: StepLink, share: GroupShare] {
  const group = steps.find(({ id }) => id === taking.step)?.to;
  const step: StepLink = { link: 'step', ...taking, result: taken };
  const share = typeof group === 'string' ? undefined : group?.[index];
  if (!share) return [step];
  const rate = ratioOfRate(share.rate);
  const exact = floorOfProduct(taken, rate);
  const result = to[index]?.amount ?? 0;
  return [step, { link: 'share', destination: share.to, input: taken, rate, exact, result }];
}

/** What of a lot's price the agreement shares. */
export function basisOf(portion: PortionExplanation, agreement: Agreement): Basis {
  const { quantity, gross, discount, price, tax, fees, shipping, cost, recovered, basis } = portion;
  const money = { quantity, gross, discount, price, tax, fees, shipping, cost, recovered };
  return { link: 'basis', basis: agreement.basis, ...money, result: basis };
}

function chainOf({ lotId }: PortionExplanation, ...links: Link[]): Chain {
  return { lotId, links, amount: links.at(-1)?.result ?? 0 };
}

/** A weight's exact part of all weights, which are decimals. */
export function ratioOfWeights(weight: string, all: readonly string[]): { weights: string; ratio: Ratio } {
  const den = Math.max(...all.map((each) => ratioOf(each).den));
  const scaled = (each: string) => ratioOf(each).num * (den / ratioOf(each).den);
  const sum = all.reduce((total, each) => total + scaled(each), 0);
  const digits = String(sum).padStart(String(den).length, '0');
  const decimals = String(den).length - 1;
  const weights = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return { weights: weights.replace(/\.?0+$/, decimals === 0 ? '$&' : ''), ratio: { num: scaled(weight), den: sum } };
}
