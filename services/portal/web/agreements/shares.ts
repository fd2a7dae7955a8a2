import type { Ratio } from '../api/answers.ts';

/** Who gets which part at which step of an agreement. */
export interface Share {
  readonly step: string;
  readonly to: string;
  readonly rate: Ratio | 'rest';
}

type Rate = { readonly bp: number } | Ratio;

interface Step {
  readonly id: string;
  readonly take?: unknown;
  readonly to: string | readonly { readonly to: string; readonly rate?: Rate }[];
}

/** As an agreement's own text has it; a step that takes what is left and gives it to one is the rest. */
export function sharesOf(definition: object): readonly Share[] {
  const { sale } = definition as { readonly sale?: { readonly steps?: readonly Step[] } };
  return (sale?.steps ?? []).flatMap(({ id, take, to }): readonly Share[] => {
    if (typeof to === 'string') return [{ step: id, to, rate: rateOf((take as { rate?: Rate } | undefined)?.rate) }];
    return to.map((part) => ({ step: id, to: part.to, rate: rateOf(part.rate) }));
  });
}

function rateOf(rate: Rate | undefined): Ratio | 'rest' {
  if (!rate) return 'rest';
  return 'bp' in rate ? { num: rate.bp, den: 10_000 } : rate;
}
