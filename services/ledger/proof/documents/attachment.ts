import { inflateSync } from 'node:zlib';

/** Name of the JSON within a statement's PDF. */
export const ATTACHMENT = 'statement.json';

/**
 * The statement that is attached to a PDF of ours, as it left us: a file that another program has written anew is not
 * read, its JSON must be taken out by that program.
 * @throws Error if there is none
 */
export function attachedStatement(pdf: Buffer): string {
  const text = pdf.toString('latin1');
  const dictionary = /\/Type \/EmbeddedFile\b[\s\S]*?\/Length (\d+)[\s\S]*?>>\s*stream\r?\n/.exec(text);
  if (!dictionary) throw new Error('no statement is attached to this PDF');
  const start = dictionary.index + dictionary[0].length;
  const bytes = pdf.subarray(start, start + Number(dictionary[1]));
  return (dictionary[0].includes('/FlateDecode') ? inflateSync(bytes) : bytes).toString();
}
