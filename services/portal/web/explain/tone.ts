import type { FlowNode } from '../api/answers.ts';
import type { Tone } from '../kit/figure.tsx';

/** Whose money a node is, as a colour; its words say it too. */
export function toneOf({ kind, account }: Pick<FlowNode, 'kind' | 'account'>): Tone | undefined {
  if (kind === 'price' || kind === 'refund') return undefined;
  // A share that ends on no account is the makers' together.
  if (account === null) return ['share', 'makers', 'contribution', 'premi'].includes(kind) ? 'makers' : undefined;
  if (account.startsWith('maker:')) return 'makers';
  if (account.endsWith(':cost-recovery')) return 'costs';
  if (account.startsWith('facility:')) return 'facility';
  if (account.startsWith('state:')) return 'state';
  if (account.startsWith('channel:') || account.startsWith('tax:')) return 'costs';
  return 'others';
}
