import { allocate, type Rupiah } from '#libs/money';
import type { SalePortion } from './sale.ts';

/** A maker's part of what a lot's makers got together. */
export interface MakerPart {
  readonly makerId: string;
  readonly weight: string;
  readonly amount: Rupiah;
}

/** Shares the makers' part of a lot by its contributions (A1); null when nobody has a weight (L4). */
export function byContribution(
  total: Rupiah,
  { measure, contributions }: Pick<SalePortion, 'measure' | 'contributions'>,
  scope: string,
): MakerPart[] | null {
  const claims = contributions.map(({ makerId, weight }) => ({
    makerId,
    payee: `maker:${makerId}`,
    weight: measure === 'equal' ? '1' : weight,
  }));
  const parts = allocate(total, claims, scope);
  if (parts === undefined) return null;
  return claims.map(({ makerId, weight }, index) => ({ makerId, weight, amount: parts[index] ?? 0 }));
}
