import type { TSchema } from 'typebox';

/** What of a JSON Schema this looks at. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly maxLength?: number;
}

/** A text of a format (an instant, a date) is no longer than that when it is one. */
const FORMATTED_CHARACTERS_MAX = 40;
const LIKE_A_NUMBER = /^[-+\d., eE]{1,40}$/;

/**
 * Of something that breaks its contract, what the contract knows: its fields, as long as it allows them to be. All else
 * may be anything, such as the name of a buyer, and is left out. A number may stand where a text is wanted, and what
 * looks like one where a number is: that is what went wrong.
 */
export function knownPart(schema: TSchema, value: unknown): unknown {
  return partOf(schema as Schema, value);
}

function partOf(schema: Schema, value: unknown): unknown {
  switch (schema.type) {
    case 'object':
      return isRecord(value) ? knownFields(schema.properties ?? {}, value) : undefined;
    case 'array': {
      const { items = {}, maxItems } = schema;
      return Array.isArray(value) ? value.slice(0, maxItems).map((each) => partOf(items, each) ?? null) : undefined;
    }
    case 'string':
      if (typeof value === 'string') return beginning(value, schema.maxLength ?? FORMATTED_CHARACTERS_MAX);
      break;
    case 'integer':
    case 'number':
      if (typeof value === 'string' && LIKE_A_NUMBER.test(value)) return value;
      break;
  }
  return typeof value === 'number' ? value : undefined;
}

function knownFields(properties: Readonly<Record<string, Schema>>, value: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => Object.hasOwn(value, name))
      .map(([name, schema]) => [name, partOf(schema, value[name])]),
  );
}

/** Whole characters, which have one or two units each. */
function beginning(text: string, characters: number): string {
  return [...text.slice(0, 2 * characters)].slice(0, characters).join('').toWellFormed();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
