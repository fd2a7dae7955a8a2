import { type Rupiah, rupiah } from '#libs/money';
import { accountCode } from '../../books/accounts/account-code.ts';
import type { Entry } from '../../books/journals/journal.ts';
import { receivable } from '../../sales/sales/sale.ts';
import type { Level } from '../../sharing/agreements/agreement.ts';
import type { PortionExplanation, StepShare } from '../../sharing/waterfall/waterfall.ts';
import { basisOf, contributionShare, type Link, stepAndShare } from '../entries/derivation.ts';
import type { ExplainedLine, RecomputedJournal } from '../recompute/explanation.ts';
import { type Edge, Flow, type Node } from './graph.ts';

/*
 * The money of one line as a graph: what it is paid flows from its price through the lots that it takes from, what is set
 * aside, the amount to share and each step of the agreement to accounts; what a refund gives back flows from accounts to
 * the buyer. Nothing is computed here: the amounts are those of the explanation, one behind the other.
 *
 * Money begins at the price, or on an account that gives some, and ends on accounts. Of an account that does both in one
 * line, as a facility that gets its share and bears the fees, the difference is what is posted.
 */

export type Computation = Extract<Link, { readonly link: 'basis' | 'step' | 'share' | 'contribution' }>;

/** Where money stands, or what is done with it. */
export type Place = (
  | { readonly kind: 'price' | 'account' | 'refund' }
  | { readonly kind: 'lot' | 'makers'; readonly portion: PortionExplanation }
  | { readonly kind: 'premi'; readonly makerId: string }
  /** A maker's own steps are of no portion: they share what all lots gave. */
  | { readonly kind: Computation['link']; readonly link: Computation; readonly portion?: PortionExplanation }
) & {
  /** Of the line: the account, and the maker's own step, whose entry it is or is a part of. */
  readonly credit?: Credit;
};

export type Credit = Pick<Entry, 'account' | 'step'>;
export type FlowNode = Node<Place>;

export interface FlowOfLine {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly Edge[];
}

/** Of a line of a sale, or of the line of a refund. Where nothing flows, there is no node. */
export function flowOf(line: ExplainedLine, journal: RecomputedJournal): FlowOfLine {
  return journal.event ? flowOfRefund(journal) : joined(flowOfSale(line, journal));
}

type From = string;
type Part = readonly [from: From, amount: Rupiah];

function flowOfSale(line: ExplainedLine, { sale }: RecomputedJournal): Flow<Place> {
  const { agreement, portions } = line;
  const flow = new Flow<Place>();
  const paid = { account: receivable(sale), step: null };
  const price = flow.begin('price', { kind: 'price', credit: paid }, line.price);
  const premi: { readonly makerId: string; readonly part: Part }[] = [];

  for (const [index, portion] of portions.entries()) {
    const at = (name: string) => `${name} ${index + 1}`;
    const lot = portions.length === 1 ? price : flow.pour(price, at('lot'), { kind: 'lot', portion }, portion.price);
    for (const { from, account, amount } of setAside(portion, sale)) {
      const source = from === 'price' ? lot : give(flow, accountCode.facility(sale.facilityId), amount);
      take(flow, [source, amount], { account, step: null });
    }
    const link = basisOf(portion, agreement);
    const basis = flow.pour(lot, at('basis'), { kind: 'basis', link, portion }, link.result);

    const toMakers: Part[] = [];
    for (const { part, account } of throughSteps(flow, basis, portion.steps, agreement.sale, at('step'), portion)) {
      if (account === undefined) toMakers.push(part);
      else take(flow, part, { account, step: null });
    }
    const [makers, amount] = together(flow, toMakers, at('makers'), { kind: 'makers', portion });
    if (portion.makers === null) {
      take(flow, [makers, amount], { account: accountCode.suspense(sale.facilityId), step: null });
    }
    for (const maker of portion.makers ?? []) {
      const share = contributionShare(maker, portion, amount);
      const id = `${at('contribution')} ${maker.makerId}`;
      flow.pour(makers, id, { kind: 'contribution', link: share, portion }, maker.amount);
      premi.push({ makerId: maker.makerId, part: [id, maker.amount] });
    }
  }

  for (const { makerId, part } of premi) {
    if (agreement.maker) flow.pour(part[0], `premi ${makerId}`, { kind: 'premi', makerId }, part[1]);
    else take(flow, part, { account: accountCode.wages(makerId), step: null });
  }
  for (const { makerId, steps } of line.makers) {
    const own = agreement.maker
      ? throughSteps(flow, `premi ${makerId}`, steps, agreement.maker, `step of ${makerId}`)
      : [];
    for (const { part, account = '', step } of own) take(flow, part, { account, step });
  }
  return flow;
}

/**
 * What is kept of a lot's price before it is shared, from the price itself or, where the agreement shares more than what is
 * left or nothing is, from the facility: in the order in which a basis is found (golden.md, U3, U4).
 */
function setAside(portion: PortionExplanation, { channel, facilityId }: RecomputedJournal['sale']) {
  let ofPrice = portion.price - portion.basis;
  const kept = [
    { account: accountCode.tax(facilityId), amount: portion.tax },
    { account: accountCode.fees(channel, facilityId), amount: portion.fees },
    { account: accountCode.shipping(channel, facilityId), amount: portion.shipping },
    { account: accountCode.costRecovery(facilityId), amount: portion.recovered },
  ];
  return kept.flatMap(({ account, amount }) => {
    const paid = Math.min(amount, ofPrice);
    ofPrice -= paid;
    return [
      { from: 'price', account, amount: paid } as const,
      { from: 'facility', account, amount: amount - paid } as const,
    ];
  });
}

/** @returns what steps gave to accounts; without one, to the makers */
function throughSteps(
  flow: Flow<Place>,
  from: From,
  steps: readonly StepShare[],
  { steps: agreed }: Level,
  name: string,
  portion?: PortionExplanation,
): { readonly part: Part; readonly account?: string | undefined; readonly step: string }[] {
  const of = portion && { portion };
  return steps.flatMap((step) =>
    step.to.map(({ account, destination, amount }, index) => {
      const [taken, share] = stepAndShare(step, index, agreed);
      const id = `${name} ${step.step}`;
      flow.pour(from, id, { kind: 'step', link: taken, ...of }, amount);
      const to = share ? flow.pour(id, `${id} ${destination}`, { kind: 'share', link: share, ...of }, amount) : id;
      return { part: [to, amount] as const, account, step: step.step };
    }),
  );
}

/** Parts that are shared on as one amount; one alone needs no place of its own. */
function together(flow: Flow<Place>, all: readonly Part[], id: string, place: Place): Part {
  const parts = all.filter(([, amount]) => amount !== 0);
  const [first, second] = parts;
  if (!second) return first ?? [id, 0];
  for (const [from, amount] of parts) flow.pour(from, id, place, amount);
  return [id, parts.reduce((sum, [, amount]) => rupiah(sum + amount), 0)];
}

/** What comes from an account. */
function give(flow: Flow<Place>, account: string, amount: Rupiah, step: string | null = null): From {
  return flow.begin(`from ${account} ${step ?? ''}`, { kind: 'account', credit: { account, step } }, amount);
}

/** What ends on an account. */
function take(flow: Flow<Place>, [from, amount]: Part, credit: Credit): void {
  flow.pour(from, `to ${credit.account} ${credit.step ?? ''}`, { kind: 'account', credit }, amount);
}

function flowOfRefund({ entries }: RecomputedJournal): FlowOfLine {
  const flow = new Flow<Place>();
  // Who bore a part of the costs gets it back, so that more is given than the buyer gets.
  for (const { account, step, amount } of entries) {
    if (amount > 0) flow.pour(give(flow, account, amount, step), 'refund', { kind: 'refund' }, amount);
  }
  for (const { account, step, amount } of entries) {
    if (amount < 0) take(flow, ['refund', -amount], { account, step });
  }
  return joined(flow);
}

/** Whose parts may be all of an entry, and be nothing else. */
const SHARES: readonly string[] = ['step', 'share', 'contribution', 'makers'];

/** An account that gets all of what one computation gives, and nothing else, is one node with it. */
function joined({ nodes, edges }: Flow<Place>): FlowOfLine {
  const into = Map.groupBy(edges, ({ to }) => to);
  const outOf = Map.groupBy(edges, ({ from }) => from);
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const only = new Map<string, FlowNode>();
  for (const node of nodes) {
    const [edge, second] = into.get(node.id) ?? [];
    if (node.kind !== 'account' || !edge || second) continue;
    if (SHARES.includes(kinds.get(edge.from) ?? '') && outOf.get(edge.from)?.length === 1) only.set(edge.from, node);
  }
  const gone = new Set([...only.values()].map(({ id }) => id));
  return {
    nodes: nodes
      .filter(({ id }) => !gone.has(id))
      .map((node) => ({ ...node, ...(only.get(node.id)?.credit && { credit: only.get(node.id)?.credit as Credit }) })),
    edges: edges.filter(({ to }) => !gone.has(to)),
  };
}
