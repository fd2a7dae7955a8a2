import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogueFileNames } from './catalogue-files.ts';

/** What the catalogue answers: counts by file, or a problem (RFC 9457) with every fault. */
interface Answer {
  readonly files?: Record<string, { created: number; updated: number; unchanged: number }>;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly {
    file?: string;
    row?: number;
    column?: string;
    field: string;
    message: string;
    reason?: string;
  }[];
}

/**
 * Imports the catalogue files of a directory, all or nothing. What happened goes to standard error, for people; counts
 * go to standard output, one line of JSON.
 * @returns the exit code: 0 if the catalogue is as the files say (with `dryRun`: if it could be)
 */
export async function importCatalogue(
  directory: string,
  { dryRun, address }: { dryRun: boolean; address: string },
): Promise<number> {
  const startedAt = performance.now();
  const files = await filesOf(directory);
  if (Object.keys(files).length === 0) {
    console.error(`${directory} holds none of ${catalogueFileNames.join(', ')}.`);
    return 1;
  }
  const response = await fetch(new URL('/v1/imports', address), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ files, dryRun }),
  }).catch((error: Error) => error);
  if (response instanceof Error) {
    console.error(
      `The catalogue does not answer at ${address}: ${(response.cause as Error | undefined)?.message ?? response.message}`,
    );
    return 1;
  }
  const answer = (await response.json()) as Answer;
  if (!response.ok) {
    for (const error of answer.errors ?? []) console.error(lineOf(error));
    console.error([answer.title, answer.detail].filter(Boolean).join(': '));
    return 1;
  }
  for (const [file, { created, updated, unchanged }] of Object.entries(answer.files ?? {})) {
    console.error(`${file.padEnd(18)} ${created} created, ${updated} updated, ${unchanged} unchanged`);
  }
  if (dryRun) console.error('Dry run: nothing was changed.');
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  console.log(JSON.stringify({ dryRun, files: answer.files, seconds }));
  return 0;
}

/** The texts of the files that are there. Bytes that are not UTF-8 become U+FFFD, which no column takes. */
async function filesOf(directory: string): Promise<Record<string, string>> {
  const texts = await Promise.all(
    catalogueFileNames.map(async (file) => {
      try {
        return [[file, await readFile(join(directory, file), 'utf8')]];
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    }),
  );
  return Object.fromEntries(texts.flat());
}

/** `lots.csv, row 12, column quantity: must be ... (invalid)`; rows are data rows, counted from 1. */
function lineOf({ file, row, column, field, message, reason }: NonNullable<Answer['errors']>[number]): string {
  if (file === undefined) return `${field}: ${message}`;
  const place = [file, row === undefined ? 'header' : `row ${row}`, column && `column ${column}`]
    .filter(Boolean)
    .join(', ');
  return `${place}: ${message} (${reason})`;
}
