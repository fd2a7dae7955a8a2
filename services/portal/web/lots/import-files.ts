import type { ImportedFile, ImportRow } from '../api/answers.ts';

/** What the catalogue takes, by the names of its files. */
export const KINDS = ['lots', 'contributions', 'products', 'makers', 'facilities'] as const;
export type FileKind = (typeof KINDS)[number];

/** What a file holds, as its name says; undefined: it does not say. */
export function kindOf(name: string): FileKind | undefined {
  const words = name.toLowerCase();
  return KINDS.find((kind) => words.includes(kind));
}

export function isWorkbook(name: string): boolean {
  return /\.xlsx$/i.test(name);
}

/** As the catalogue takes them: text of CSV, workbooks in base64. It reads them; nothing is read here. */
export async function filesOf(
  chosen: readonly { readonly kind: FileKind; readonly file: Pick<File, 'name' | 'text' | 'arrayBuffer'> }[],
): Promise<Record<string, string>> {
  const files = chosen.map(async ({ kind, file }) =>
    isWorkbook(file.name)
      ? [`${kind}.xlsx`, base64(new Uint8Array(await file.arrayBuffer()))]
      : [`${kind}.csv`, await file.text()],
  );
  return Object.fromEntries(await Promise.all(files));
}

const CHUNK = 32_768; // of arguments that one call takes

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return btoa(text);
}

/** What of a row is not as before: all of a new one. */
export function changesOf({ before, after }: Pick<ImportRow, 'before' | 'after'>): readonly Change[] {
  return Object.entries(after).flatMap(([column, to]) => {
    const from = before?.[column];
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
