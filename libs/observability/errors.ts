import { types } from 'node:util';

/**
 * What a log may tell of an error: its kind, code, constraint, where it happened, and its message without what was
 * quoted in it. An error of a statement carries the statement's parameters, one of JSON a piece of the text, one of a
 * client what it was to send: names of people, so nothing that is not listed here is written.
 */
export interface ToldError {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly cause?: ToldError;
  readonly errors?: readonly ToldError[];
}

const DEPTH_MAX = 4;
const ERRORS_MAX = 5;
const MESSAGE_CHARACTERS_MAX = 500;

export function toldError(error: unknown, depth = 1): ToldError {
  if (!isError(error)) return { type: typeof error, message: 'not an error', stack: '' };
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  return {
    type: error.constructor.name,
    message: toldMessage(error),
    stack: framesOf(error),
    ...(typeof code === 'string' && { code }),
    ...(typeof constraint === 'string' && { constraint }),
    ...(typeof table === 'string' && { table }),
    ...(error.cause !== undefined && depth < DEPTH_MAX && { cause: toldError(error.cause, depth + 1) }),
    ...('errors' in error &&
      Array.isArray(error.errors) &&
      depth < DEPTH_MAX && {
        errors: error.errors.slice(0, ERRORS_MAX).map((each: unknown) => toldError(each, depth + 1)),
      }),
  };
}

function isError(error: unknown): error is Error {
  return types.isNativeError(error) || error instanceof Error;
}

/** SQLSTATE classes whose messages quote names of tables and columns only: broken constraints, faulty statements. */
const QUOTE_NAMES = /^(23|42)...$/;

/** The message of an error without any value. */
export function toldMessage(error: Error): string {
  const { code } = error as { code?: unknown };
  if (error.name === 'SyntaxError') return 'not to be read'; // V8 tells what it has read
  if (typeof code === 'string' && QUOTE_NAMES.test(code)) return error.message;
  return withoutQuotes(error.message).slice(0, MESSAGE_CHARACTERS_MAX);
}

/** From the first quotation mark to the last, since what is quoted may hold some too; and what Node has `received`. */
export function withoutQuotes(text: string): string {
  return text
    .replace(/"[\s\S]*"|'[\s\S]*'|`[\s\S]*`|“[\s\S]*”/g, '…')
    .replace(/["'`“][\s\S]*$/, '…')
    .replace(/Received [\s\S]*$/, '…');
}

const FRAME = /^ {4}at (?:async |new )?\S.*:\d+:\d+\)?$|^ {4}at .*\((?:<anonymous>|native|index \d+)\)$/;

/** The lines below the message, which the stack begins with. */
function framesOf({ stack = '', message }: Error): string {
  const below = stack.slice(Math.max(0, stack.indexOf(message)) + message.length).split('\n');
  return below.filter((line) => FRAME.test(line)).join('\n');
}
