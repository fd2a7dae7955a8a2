/**
 * Where the bands of a flow stand: columns from what the buyer paid to who has it, in each a node as high as its amount
 * (never thinner than a finger of 4 px), bands between them. Pure: the picture and its test read the same numbers.
 */
export interface FlowNode {
  readonly id: string;
  readonly amount: number;
}

export interface FlowEdge {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

export interface PlacedNode<Node extends FlowNode> {
  readonly node: Node;
  readonly column: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface PlacedEdge<Edge extends FlowEdge> {
  readonly edge: Edge;
  /** Filled path of the band. */
  readonly path: string;
}

export interface PlacedFlow<Node extends FlowNode, Edge extends FlowEdge> {
  readonly nodes: readonly PlacedNode<Node>[];
  readonly edges: readonly PlacedEdge<Edge>[];
  readonly height: number;
}

export interface Paper {
  readonly width: number;
  /** Of the tallest node. */
  readonly tallest: number;
  readonly nodeWidth: number;
  /** Between nodes of a column, for their words. */
  readonly gap: number;
  /** Kept free at the right for the words of the last column. */
  readonly margin: number;
}

const THINNEST = 4;

export function placeFlow<Node extends FlowNode, Edge extends FlowEdge>(
  nodes: readonly Node[],
  edges: readonly Edge[],
  paper: Paper,
): PlacedFlow<Node, Edge> {
  const column = columnsOf(nodes, edges);
  const columns = Math.max(0, ...column.values());
  const largest = Math.max(1, ...nodes.map(({ amount }) => Math.abs(amount)));
  const thickness = (amount: number) => Math.max(THINNEST, (Math.abs(amount) / largest) * paper.tallest);
  const step = columns === 0 ? 0 : (paper.width - paper.nodeWidth - paper.margin) / columns;

  const placed = new Map<string, PlacedNode<Node>>();
  /** Where the band into it begins, so that bands run level where there is room. */
  const beside = (id: string): number => {
    const into = edges.find(({ to }) => to === id);
    const source = into && placed.get(into.from);
    if (!source) return 0;
    const before = edges.slice(0, edges.indexOf(into)).filter(({ from }) => from === into.from);
    return source.y + before.reduce((sum, { amount }) => sum + (Math.abs(amount) / largest) * paper.tallest, 0);
  };
  const bottoms: number[] = [];
  for (const node of inReadingOrder(nodes, edges)) {
    const at = column.get(node.id) ?? 0;
    const y = Math.max(bottoms[at] ?? 0, beside(node.id));
    const height = thickness(node.amount);
    placed.set(node.id, { node, column: at, x: at * step, y, height });
    bottoms[at] = y + Math.max(height, paper.gap) + paper.gap / 2;
  }

  const leaving = new Map<string, number>();
  const entering = new Map<string, number>();
  const bands = edges.flatMap((edge) => {
    const from = placed.get(edge.from);
    const to = placed.get(edge.to);
    if (!from || !to) return [];
    const height = thickness(edge.amount);
    const y1 = from.y + (leaving.get(edge.from) ?? 0);
    const y2 = to.y + (entering.get(edge.to) ?? 0);
    leaving.set(edge.from, (leaving.get(edge.from) ?? 0) + (Math.abs(edge.amount) / largest) * paper.tallest);
    entering.set(edge.to, (entering.get(edge.to) ?? 0) + (Math.abs(edge.amount) / largest) * paper.tallest);
    return [{ edge, path: band(from.x + paper.nodeWidth, y1, to.x, y2, height) }];
  });
  return {
    nodes: nodes.flatMap(({ id }) => placed.get(id) ?? []),
    edges: bands,
    height: Math.max(0, ...[...placed.values()].map(({ y, height }) => Math.max(y + height, y + paper.gap))),
  };
}

/** As a nested list tells it: each node under the one that it came from first. A node of two sources is told once. */
export function nestedFlow<Node extends FlowNode>(
  nodes: readonly Node[],
  edges: readonly FlowEdge[],
): readonly { readonly node: Node; readonly depth: number }[] {
  const column = columnsOf(nodes, edges);
  const seen = new Set<string>();
  const told: { node: Node; depth: number }[] = [];
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const tell = (id: string, depth: number) => {
    const node = byId.get(id);
    if (!node || seen.has(id)) return;
    seen.add(id);
    told.push({ node, depth });
    for (const { to } of edges.filter(({ from }) => from === id)) tell(to, depth + 1);
  };
  for (const { id } of nodes.filter(({ id }) => column.get(id) === 0)) tell(id, 0);
  return told;
}

/** A node stands right of all that it comes from. A circle, which no service sends, ends where it began. */
function columnsOf(nodes: readonly FlowNode[], edges: readonly FlowEdge[]): Map<string, number> {
  const column = new Map(nodes.map(({ id }) => [id, 0]));
  for (let round = 0; round < nodes.length; round++) {
    let moved = false;
    for (const { from, to } of edges) {
      const next = (column.get(from) ?? 0) + 1;
      if ((column.get(to) ?? 0) < next && next < nodes.length) {
        column.set(to, next);
        moved = true;
      }
    }
    if (!moved) break;
  }
  return column;
}

function inReadingOrder<Node extends FlowNode>(nodes: readonly Node[], edges: readonly FlowEdge[]): readonly Node[] {
  return nestedFlow(nodes, edges).map(({ node }) => node);
}

function band(x1: number, y1: number, x2: number, y2: number, height: number): string {
  const middle = (x1 + x2) / 2;
  const r = (value: number) => Math.round(value * 10) / 10;
  return [
    `M${r(x1)} ${r(y1)}`,
    `C${r(middle)} ${r(y1)} ${r(middle)} ${r(y2)} ${r(x2)} ${r(y2)}`,
    `V${r(y2 + height)}`,
    `C${r(middle)} ${r(y2 + height)} ${r(middle)} ${r(y1 + height)} ${r(x1)} ${r(y1 + height)}`,
    'Z',
  ].join('');
}
