import { describe, expect, it } from '@jest/globals';
import { nestedFlow, placeFlow } from './flow-layout.ts';

/** DEMO-1 at Mojokerto. */
const nodes = [
  { id: 'price', amount: 950_000 },
  { id: 'fee', amount: 47_501 },
  { id: 'shipping', amount: 20_000 },
  { id: 'cost', amount: 360_000 },
  { id: 'shared', amount: 522_499 },
  { id: 'makers', amount: 261_249 },
  { id: 'facility', amount: 182_875 },
  { id: 'state', amount: 78_375 },
  { id: 'M-01', amount: 115_310 },
  { id: 'M-02', amount: 88_284 },
  { id: 'M-03', amount: 57_655 },
];
const edge = (from: string, to: string) => ({ from, to, amount: nodes.find(({ id }) => id === to)?.amount ?? 0 });
const edges = [
  ...['fee', 'shipping', 'cost', 'shared'].map((to) => edge('price', to)),
  ...['makers', 'facility', 'state'].map((to) => edge('shared', to)),
  ...['M-01', 'M-02', 'M-03'].map((to) => edge('makers', to)),
];
const paper = { width: 900, tallest: 300, nodeWidth: 12, gap: 40, margin: 160 };

describe('the picture of a flow', () => {
  const { nodes: placed, edges: bands, height } = placeFlow(nodes, edges, paper);
  const at = (id: string) => {
    const found = placed.find(({ node }) => node.id === id);
    if (!found) throw new Error(`${id} is not placed`);
    return found;
  };

  it('has every node and every band, inside the paper', () => {
    expect(placed).toHaveLength(nodes.length);
    expect(bands).toHaveLength(edges.length);
    for (const { x, y, height: own } of placed) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + paper.nodeWidth + paper.margin).toBeLessThanOrEqual(paper.width);
      expect(y + own).toBeLessThanOrEqual(height);
    }
  });

  it('stands each node right of what it came from', () => {
    for (const { from, to } of edges) expect(at(to).column).toBeGreaterThan(at(from).column);
  });

  it('is to scale: what is twice as much is twice as high, and nothing is too thin to see', () => {
    expect(at('price').height).toBe(300);
    expect(at('shared').height / at('facility').height).toBeCloseTo(522_499 / 182_875, 6);
    for (const { height: own } of placed) expect(own).toBeGreaterThanOrEqual(4);
  });

  it('lets no two nodes of a column touch', () => {
    const columns = Map.groupBy(placed, ({ column }) => column);
    for (const inColumn of columns.values()) {
      const sorted = inColumn.toSorted((a, b) => a.y - b.y);
      for (const [index, next] of sorted.entries()) {
        const before = sorted[index - 1];
        if (before) expect(next.y).toBeGreaterThan(before.y + before.height);
      }
    }
  });

  it('draws what is 1 rupiah, and nothing at all', () => {
    const tiny = placeFlow(
      [
        { id: 'a', amount: 1_000_000 },
        { id: 'b', amount: 1 },
      ],
      [{ from: 'a', to: 'b', amount: 1 }],
      paper,
    );
    expect(tiny.nodes[1]?.height).toBe(4);
    expect(placeFlow([], [], paper)).toEqual({ nodes: [], edges: [], height: 0 });
  });
});

describe('a flow as a nested list', () => {
  it('tells each node once, under what it came from', () => {
    const told = nestedFlow(nodes, edges);
    expect(told.map(({ node }) => node.id)).toEqual(nodes.map(({ id }) => id).toSorted((a, b) => order(a) - order(b)));
    expect(told.find(({ node }) => node.id === 'M-02')?.depth).toBe(3);
  });

  it('tells what comes from two sources once', () => {
    const joined = [...edges, { from: 'cost', to: 'facility', amount: 1 }];
    expect(nestedFlow(nodes, joined).filter(({ node }) => node.id === 'facility')).toHaveLength(1);
  });
});

function order(id: string): number {
  return ['price', 'fee', 'shipping', 'cost', 'shared', 'makers', 'M-01', 'M-02', 'M-03', 'facility', 'state'].indexOf(
    id,
  );
}
