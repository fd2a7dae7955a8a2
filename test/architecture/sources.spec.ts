import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import ts from 'typescript';
import { targetOf } from './imports.ts';

/** Programs that Node runs from their sources: it takes types away, and can do no more. */
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const programs = [
  ...new Set(Object.values(scripts).flatMap((script) => /--conditions=source (\S+\.ts)/.exec(script)?.[1] ?? [])),
];

it.each(programs)('%s imports nothing that Node cannot run from its source', (program) => {
  const path = new Map<string, string>([[program, program]]);
  for (const [file, from] of path) {
    const { imports, cannotRun } = look(file);
    expect(cannotRun ? from : undefined).toBeUndefined();
    for (const imported of imports) if (!path.has(imported)) path.set(imported, `${from} > ${imported}`);
  }
  expect(path.size).toBeGreaterThan(1);
});

/** Files of ours that a file imports when it runs, and whether it has decorators or members declared by parameters. */
function look(file: string): { imports: string[]; cannotRun: boolean } {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const imports = source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier) || isOfTypes(statement)) return [];
    const target = targetOf(file, moduleSpecifier.text);
    return target?.endsWith('.ts') && existsSync(target) ? [target] : [];
  });
  return {
    imports,
    cannotRun: source.statements.some((statement) => ts.isClassDeclaration(statement) && isMore(statement)),
  };
}

function isOfTypes(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  const clause = ts.isImportDeclaration(statement) ? statement.importClause : statement;
  if (!clause) return false; // for what it does
  if (clause.isTypeOnly) return true;
  const named = ts.isImportClause(clause) ? !clause.name && clause.namedBindings : clause.exportClause;
  return Boolean(
    named &&
      (ts.isNamedImports(named) || ts.isNamedExports(named)) &&
      [...named.elements].every((each) => each.isTypeOnly),
  );
}

function isMore(declaration: ts.ClassDeclaration): boolean {
  const parameters = declaration.members.filter(ts.isConstructorDeclaration).flatMap((made) => [...made.parameters]);
  return (
    Boolean(ts.getDecorators(declaration)) ||
    parameters.some((each) => ts.isParameterPropertyDeclaration(each, each.parent))
  );
}
