import type { Rupiah } from '#libs/money';

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly amount: Rupiah;
}

export type Node<What> = What & { readonly id: string; readonly amount: Rupiah };

/** Money on its way. What flows into a node is its amount; where it begins, what flows out of it. */
export class Flow<What extends object> {
  readonly #nodes = new Map<string, Node<What>>();
  readonly #edges = new Map<string, Edge>();

  /** @returns the node's id */
  begin(id: string, what: What, amount: Rupiah): string {
    if (amount !== 0) this.#nodes.set(id, { ...what, id, amount: (this.#nodes.get(id)?.amount ?? 0) + amount });
    return id;
  }

  /** Once more into the same node, and it grows. Nothing makes no node. @returns the node's id */
  pour(from: string, to: string, what: What, amount: Rupiah): string {
    this.begin(to, what, amount);
    const key = JSON.stringify([from, to]);
    if (amount !== 0) this.#edges.set(key, { from, to, amount: (this.#edges.get(key)?.amount ?? 0) + amount });
    return to;
  }

  get nodes(): Node<What>[] {
    return [...this.#nodes.values()];
  }

  get edges(): Edge[] {
    return [...this.#edges.values()];
  }
}
