import { DEPTH_MAX, fault } from '#libs/contracts';
import { Problem } from './problem.ts';

/**
 * The object that a body's JSON says. Refused, by name, is what JSON.parse takes and we could not mean the same by as its
 * sender (RFC 7493, I-JSON): a member named twice, half a character, and what is nested without end or named as what
 * every object of JavaScript has; and a zero character, which PostgreSQL cannot hold.
 * @throws Problem
 */
export function parseJson(bytes: Buffer): object {
  const text = decoded(bytes);
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unreadable('not-an-object', 'must be a JSON object', 'harus berupa objek JSON');
  refuseAmbiguous(text);
  return value;
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable('not-utf-8', 'is not UTF-8', 'bukan UTF-8');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    throw unreadable('not-json', `is not JSON: ${message}`, `bukan JSON: ${message}`);
  }
}

/** Where we are in an array (its index) or an object (the latest name, and those before). */
interface Open {
  at: string | number;
  readonly names?: Set<string>;
}

/** @param text is JSON */
function refuseAmbiguous(text: string): void {
  const open: Open[] = [];
  let namesNext = false;
  const refuse = (code: string, en: string, id: string) => unreadable(code, en, id, open.map(({ at }) => at).join('.'));
  for (let index = 0; index < text.length; index += 1) {
    const inner = open.at(-1);
    switch (text[index]) {
      case '{':
      case '[':
        namesNext = text[index] === '{';
        open.push(namesNext ? { at: '', names: new Set() } : { at: 0 });
        if (open.length > DEPTH_MAX) {
          throw refuse(
            'too-deep',
            `is nested more than ${DEPTH_MAX} deep`,
            `bersarang lebih dari ${DEPTH_MAX} tingkat`,
          );
        }
        break;
      case '}':
      case ']':
        open.pop();
        namesNext = false;
        break;
      case ',':
        namesNext = inner?.names !== undefined;
        if (typeof inner?.at === 'number') inner.at += 1;
        break;
      case '"': {
        const end = endOfString(text, index);
        const raw = text.slice(index + 1, end);
        const string: string = raw.includes('\\') ? JSON.parse(`"${raw}"`) : raw;
        if (namesNext && inner?.names) {
          inner.at = string;
          if (string in Object.prototype) {
            throw refuse('reserved-name', 'is a name that every object has', 'adalah nama yang dimiliki setiap objek');
          }
          if (inner.names.has(string)) throw refuse('named-twice', 'is named twice', 'disebut dua kali');
          inner.names.add(string);
          namesNext = false;
        }
        if (!string.isWellFormed()) {
          throw refuse(
            'broken-character',
            'holds half a character (a lone surrogate)',
            'berisi setengah karakter (surrogate tunggal)',
          );
        }
        if (string.includes('\0')) {
          throw refuse(
            'control-character',
            'holds a character that cannot be stored (NUL)',
            'berisi karakter yang tidak dapat disimpan (NUL)',
          );
        }
        index = end;
      }
    }
  }
}

/** @param start of its opening quotation mark */
function endOfString(text: string, start: number): number {
  let end = start;
  let escapes: number;
  do {
    end = text.indexOf('"', end + 1);
    escapes = 0;
    while (text[end - 1 - escapes] === '\\') escapes += 1;
  } while (escapes % 2 === 1);
  return end;
}

function unreadable(code: string, en: string, id: string, field = 'body'): Problem {
  return new Problem({ status: 400, title: 'Invalid request', errors: [{ field, ...fault(code, en, id) }] });
}
