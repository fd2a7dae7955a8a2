import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { CONTRACTION } from '../../libs/database/migrate.ts';

/** What an older version that still runs would fail by, or lose. What only lets more in (DROP NOT NULL) is none of it. */
const CONTRACTIONS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['takes something away', /\bDROP\s+(?!NOT\s+NULL)\w+/i],
  ['renames', /\bRENAME\s+(?:COLUMN\s+|CONSTRAINT\s+)?(?:\w+\s+)?TO\b/i],
  ['forbids null', /\bSET\s+NOT\s+NULL\b/i],
  [
    'wants a value that nobody gives',
    /\bADD\s+COLUMN\s+(?:(?!\bDEFAULT\b|\bGENERATED\b|,|;|`).)*\bNOT\s+NULL\b(?!(?:(?!,|;|`).)*\b(?:DEFAULT|GENERATED)\b)/is,
  ],
  ['changes a type', /\bALTER\s+(?:COLUMN\s+)?\w+\s+(?:SET\s+DATA\s+)?TYPE\b/i],
];

/** What a step that is to expand would break, in the words of its SQL. */
export function contractionsIn(sql: string): string[] {
  return CONTRACTIONS.flatMap(([what, pattern]) => {
    const found = pattern.exec(sql)?.[0];
    return found ? [`${what}: ${found.replace(/\s+/g, ' ')}`] : [];
  });
}

/** Of the classes in a file of migrations that are no contractions by name: their names, and the text of their `up`. */
export function expansionsIn(file: string): { name: string; sql: string }[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  return source.statements.filter(ts.isClassDeclaration).flatMap((declared) => {
    const name = declared.name?.text ?? '';
    if (name.startsWith(CONTRACTION)) return [];
    const up = declared.members.find((member) => member.name?.getText() === 'up');
    return [{ name, sql: up?.getText() ?? '' }];
  });
}
