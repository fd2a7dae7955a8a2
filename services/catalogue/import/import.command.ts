import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Encoding, textOf, UnreadableTable } from '#libs/tables';
import { catalogueFileNames, workbookNameOf } from './catalogue-files.ts';

/** What the catalogue answers: counts by file, or a problem (RFC 9457) with every fault. */
interface Answer {
  readonly files?: Record<string, { created: number; updated: number; unchanged: number }>;
  readonly passedOver?: readonly { file: string; line: number; as: 'description' | 'example' }[];
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly ToldFault[];
}

interface ToldFault {
  readonly file?: string;
  readonly row?: number;
  readonly line?: number;
  readonly column?: string;
  readonly field: string;
  readonly message: string;
  readonly messageId?: string;
  readonly messageEn?: string;
  readonly reason?: string;
}

interface ImportOptions {
  readonly dryRun: boolean;
  readonly address: string;
  /** The header that says who imports. */
  readonly authorization: () => Promise<string>;
  readonly encoding?: Encoding;
}

/**
 * Imports the catalogue files of a directory, all or nothing. What happened goes to standard error, for people; counts
 * go to standard output, one line of JSON.
 * @returns the exit code: 0 if the catalogue is as the files say (with `dryRun`: if it could be)
 */
export async function importCatalogue(
  directory: string,
  { dryRun, address, authorization, encoding = 'utf-8' }: ImportOptions,
): Promise<number> {
  const startedAt = performance.now();
  const files = await filesOf(directory, encoding);
  if (files instanceof UnreadableTable) {
    console.error(files.message);
    return 1;
  }
  if (Object.keys(files).length === 0) {
    console.error(`${directory} holds none of ${catalogueFileNames.join(', ')}, nor any of them as .xlsx.`);
    return 1;
  }
  const response = await fetch(new URL('/v1/imports', address), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: await authorization() },
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
  for (const { file, line, as } of answer.passedOver ?? []) {
    console.error(`${file}, row ${line}: passed over, it is the ${as} of a template`);
  }
  if (dryRun) console.error('Dry run: nothing was changed.');
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  console.log(JSON.stringify({ dryRun, files: answer.files, seconds }));
  return 0;
}

/** The files that are there: CSV as its text, a workbook in base64. */
async function filesOf(directory: string, encoding: Encoding): Promise<Record<string, string> | UnreadableTable> {
  const files: Record<string, string> = {};
  for (const file of catalogueFileNames) {
    const workbook = workbookNameOf(file);
    try {
      const csv = await ifThere(textOf(join(directory, file), encoding));
      const xlsx = await ifThere(readFile(join(directory, workbook), 'base64'));
      if (csv !== undefined) files[file] = csv;
      if (xlsx !== undefined) files[workbook] = xlsx;
    } catch (error) {
      if (!(error instanceof UnreadableTable)) throw error;
      return new UnreadableTable(`${file}: ${error.sentence.en}`, `${file}: ${error.sentence.id}`);
    }
  }
  return files;
}

async function ifThere(content: Promise<string>): Promise<string | undefined> {
  return content.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** `lots.csv, row 12 (line 13), column quantity: "1.5" harus … / "1.5" must … (invalid)`; rows are data rows, from 1. */
function lineOf({ file, row, line, column, field, message, messageId, messageEn, reason }: ToldFault): string {
  if (file === undefined) return `${field}: ${message}`;
  const place = [
    file,
    row === undefined ? column && 'header' : `row ${row} (line ${line})`,
    column && `column ${column}`,
  ];
  return `${place.filter(Boolean).join(', ')}: ${messageId} / ${messageEn} (${reason})`;
}
