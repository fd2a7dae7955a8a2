import type { ImportedFile, ImportRow } from '../api/answers.ts';
import { type Chosen, contentOf } from '../kit/files.ts';

/** What the catalogue takes, by the names of its files. */
export const KINDS = ['lots', 'contributions', 'products', 'makers', 'facilities'] as const;
export type FileKind = (typeof KINDS)[number];

/** What a file holds, as its name says; undefined: it does not say. */
export function kindOf(name: string): FileKind | undefined {
  const words = name.toLowerCase();
  return KINDS.find((kind) => words.includes(kind));
}

/** As the catalogue takes them. */
export async function filesOf(
  chosen: readonly { readonly kind: FileKind; readonly file: Chosen }[],
): Promise<Record<string, string>> {
  const files = chosen.map(async ({ kind, file }) => {
    const content = await contentOf(file);
    return 'csv' in content ? [`${kind}.csv`, content.csv] : [`${kind}.xlsx`, content.xlsx];
  });
  return Object.fromEntries(await Promise.all(files));
}

/** What of a row is not as before: all of a new one. */
export function changesOf({ before, after }: Pick<ImportRow, 'before' | 'after'>): readonly Change[] {
  const stored = new Map<string, unknown>(Object.entries(before ?? {}));
  return Object.entries(after).flatMap(([column, to]) => {
    const from = stored.get(column);
    if (before && from === to) return [];
    return [{ column, to: written(to), ...(before && { from: written(from) }) }];
  });
}

export interface Change {
  readonly column: string;
  readonly from?: string;
  readonly to: string;
}

function written(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

/** How many rows an import would change, so that its button can say so. */
export function changedIn(files: Readonly<Record<string, ImportedFile>>): number {
  return Object.values(files).reduce((sum, { created, updated }) => sum + created + updated, 0);
}
