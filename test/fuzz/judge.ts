/** What is wrong with an answer, whatever was asked. */
import type { Answered } from './request.ts';

const MILLISECONDS_MAX = 15_000;

/** What only our insides say: stacks, SQL, files, the driver's words. */
const INSIDES =
  /\n\s+at |node_modules|dist\/(?:libs|services)|\.ts:\d|QueryFailedError|syntax error at|violates .* constraint|invalid input syntax|relation "|column "|SQLSTATE|out of range for type|Cannot read prop|is not a function|is not iterable/;

/** @param method that was asked by @param refused whether it may not have been taken */
export function faultOf(method: string, answered: Answered, refused: boolean): string | undefined {
  const { status, type, text, broken, milliseconds } = answered;
  if (broken !== undefined) return `broken off after ${status}: ${broken}`;
  if (status >= 500) return `${status}`;
  if (milliseconds > MILLISECONDS_MAX) return `${milliseconds} ms`;
  if (status < 400) return refused ? `taken: ${status}` : wrongContent(answered);
  if (method === 'HEAD') return undefined;
  if (!type.startsWith('application/problem+json')) return `${status} is no problem but ${type}`;
  const problem = parsed(text);
  if (problem === undefined) return `${status} is no JSON`;
  const { title, detail, errors, instance: _, ...rest } = problem;
  if (rest.status !== status || typeof title !== 'string') return `${status} has no status or title`;
  if ((status === 400 || status === 422) && !detail && !isNamed(errors))
    return `${status} names neither field nor cause`;
  if (INSIDES.test(JSON.stringify({ title, detail, errors, ...rest }))) return `${status} tells our insides`;
  return undefined;
}

function wrongContent({ type, text }: Answered): string | undefined {
  if (type.startsWith('application/json') && text !== '' && parsed(text) === undefined) return 'is no JSON';
  return undefined;
}

function isNamed(errors: unknown): boolean {
  return (
    Array.isArray(errors) && errors.length > 0 && errors.every(({ field, message }) => field !== undefined && message)
  );
}

// biome-ignore lint/suspicious/noExplicitAny: it may be anything
function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
