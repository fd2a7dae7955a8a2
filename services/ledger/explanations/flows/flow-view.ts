import type { Floored } from '#libs/money';
import type { PostedEntry } from '../../books/journals/journal.repository.ts';
import { ratioOfRate } from '../../sharing/agreements/agreement.ts';
import { explainEntry } from '../entries/entry-explanation.ts';
import { type Language, phrases } from '../entries/phrases.ts';
import { rate, rupiah, statement, subject } from '../entries/sentence.ts';
import type { ExplainedLine, RecomputedJournal } from '../recompute/explanation.ts';
import type { FlowLineView, FlowNodeView } from './flow.dto.ts';
import { type Computation, type FlowNode, flowOf } from './flow.ts';
import { flowPhrases } from './flow-phrases.ts';

/** The lines of a sale or refund as graphs, each node in words and with the entry that it is or is a part of. */
export function flowsOf(journal: RecomputedJournal, posted: readonly PostedEntry[]): FlowLineView[] {
  const skus = new Map(journal.sale.lines.map(({ lineRef, sku }) => [lineRef, sku]));
  return journal.lines.map((line) => {
    const { lineRef, agreement } = line;
    const { nodes, edges } = flowOf(line, journal);
    return {
      lineRef,
      sku: skus.get(lineRef) ?? '',
      agreement: { id: agreement.id, version: agreement.version },
      nodes: nodes.map((node) => viewOf(node, line, journal, posted)),
      edges: [...edges],
    };
  });
}

function viewOf(
  node: FlowNode,
  line: ExplainedLine,
  journal: RecomputedJournal,
  posted: readonly PostedEntry[],
): FlowNodeView {
  const { id, kind, amount, credit } = node;
  const entry = posted.find(
    ({ account, step, lineRef }) =>
      account === credit?.account && step === credit.step && (lineRef === null || lineRef === line.lineRef),
  );
  const inWords = <Text>(text: (language: Language) => Text) => ({ id: text('id'), en: text('en') });
  const words = inWords((language) => told(node, line, language));
  return {
    id,
    kind,
    amount,
    account: credit?.account ?? null,
    version: entry?.accountVersion ?? null,
    lotId: 'portion' in node ? (node.portion?.lotId ?? null) : null,
    ...figuresOf('link' in node ? node.link : undefined),
    label: inWords((language) => capitalised(words[language].label)),
    sentence: entry
      ? explainEntry(entry, journal).sentence
      : inWords((language) => `${capitalised(words[language].text)}.`),
  };
}

type Figures = Pick<FlowNodeView, 'rate' | 'exact' | 'rounded' | 'weight' | 'weights' | 'measure'>;

const none: Figures = { rate: null, exact: null, rounded: null, weight: null, weights: null, measure: null };

function figuresOf(link: Computation | undefined): Figures {
  switch (link?.link) {
    case 'share':
      return { ...none, rate: link.rate, ...roundedTo(link.result, link.exact) };
    case 'contribution': {
      const { weight, weights, measure, exact, result } = link;
      return { ...none, weight, weights, measure, ...roundedTo(result, exact) };
    }
    case 'step': {
      const { asks, asked, roundedOff, soFar, result } = link;
      const isAsOne = soFar === undefined && result === asked; // else it is a difference, or a limit
      return {
        ...none,
        rate: asks !== 'rest' && 'rate' in asks ? ratioOfRate(asks.rate) : null,
        ...(isAsOne && roundedTo(result, { whole: asked, fraction: roundedOff })),
      };
    }
    default:
      return none;
  }
}

function roundedTo(result: number, exact: Floored): Pick<Figures, 'exact' | 'rounded'> {
  if (exact.fraction.num === 0) return { exact, rounded: null };
  return { exact, rounded: result > exact.whole ? 'up' : 'down' };
}

/** What a place is called, and what happens there. */
function told(node: FlowNode, { agreement }: ExplainedLine, language: Language): { label: string; text: string } {
  const say = flowPhrases[language];
  const amount = rupiah(node.amount, language);
  switch (node.kind) {
    case 'price':
    case 'refund':
      return { label: say[node.kind], text: `${say[node.kind]} ${amount}` };
    case 'account': {
      const label = subject(node.credit?.account ?? '', language);
      return { label, text: `${label} ${amount}` };
    }
    case 'lot': {
      const { lotId, quantity } = node.portion;
      return { label: say.lot(lotId), text: say.ofLot(lotId, quantity, amount) };
    }
    case 'makers':
      return { label: say.makers, text: say.together(amount) };
    case 'premi':
      return { label: say.premi(node.makerId), text: say.premiIs(node.makerId, amount) };
    default: {
      const { link } = node;
      const isRest = link.link === 'step' && link.asks === 'rest';
      const text = isRest ? say.takesRest(link.step, amount) : statement(link, agreement, language);
      return { label: labelOf(link, language), text };
    }
  }
}

function labelOf(link: Computation, language: Language): string {
  switch (link.link) {
    case 'basis':
      return flowPhrases[language].basis;
    case 'step':
      return flowPhrases[language].step(link.step);
    case 'share':
      return `${phrases[language].destination(link.destination)} ${rate(link.rate, language)}`;
    case 'contribution':
      return link.makerId;
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
