import Type, { type TSchema } from 'typebox';

/**
 * A kind of value: one judgement from which every door derives its own, so that none is wider than another.
 *
 * | door | derived by |
 * |---|---|
 * | JSON Schema of events from outside, `violationsOf` | `schemaOf(kind)` |
 * | a body's field: class-validator and OpenAPI | `@Value(kind)` of libs/http |
 * | a query's or path's parameter | `@Parameter(kind)`, `@PathValue(name, kind)` of libs/http |
 * | a cell of a CSV or XLSX file | `kind.read(text)` |
 *
 * `read` takes the text of one cell or parameter, `judge` a value as JSON has it. Both give the value, in the kind's
 * normal form, or the fault: a code, and a sentence in Indonesian and English that goes on after the name of the field
 * ("unit_price must be ..."). A sentence never repeats the value: whoever shows it beside the sentence uses `quoted`,
 * which makes invisible characters visible. What a blank cell means is its column's to say.
 */
export interface Kind<Value extends Scalar = Scalar> {
  /** What documents say, in JSON Schema's own words; never narrower than the judgement. */
  readonly published: PublishedSchema;
  judge(value: unknown): Judgement<Value>;
  read(text: string): Judgement<Value>;
}

export type Scalar = string | number | boolean;

export type Judgement<Value> =
  | { readonly value: Value; readonly fault?: undefined }
  | { readonly fault: Fault; readonly value?: undefined };

export interface Fault {
  /** Stable, for programs: `no-offset`. */
  readonly code: string;
  readonly message: Sentence;
  /** What of the sentence is not always the same, for who puts it into words of his own. */
  readonly params?: FaultParams;
}

export type FaultParams = Readonly<Record<string, string | number | readonly string[]>>;

/** What goes on after a field's name, in Indonesian and English. */
export interface Sentence {
  readonly id: string;
  readonly en: string;
}

export interface PublishedSchema {
  readonly type: 'string' | 'integer' | 'boolean';
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly not?: { readonly enum: readonly number[] }; // OpenAPI 3.0 has no `const`
}

export function fault(code: string, en: string, id: string, params?: FaultParams): Fault {
  return { code, message: { id, en }, ...(params && { params }) };
}

export const REQUIRED = fault('required', 'is required', 'wajib diisi');

/** A kind of text: `check` says what is wrong with a text in its normal form. */
export function textKind<Value extends string = string>(
  published: Omit<PublishedSchema, 'type'>,
  check: (text: string) => Fault | undefined,
  normal: (text: string) => string = (text) => text,
): Kind<Value> {
  const read = (text: string): Judgement<Value> => {
    const value = normal(text);
    const found = check(value);
    return found ? { fault: found } : { value: value as Value };
  };
  const judge = (value: unknown): Judgement<Value> =>
    typeof value === 'string' ? read(value) : { fault: fault('not-text', 'must be a text', 'harus berupa teks') };
  return { published: { type: 'string', ...published }, judge, read };
}

/** The same values; another word about them. */
export function described<Value extends Scalar>(kind: Kind<Value>, description: string): Kind<Value> {
  return { ...kind, published: { ...kind.published, description } };
}

type Check = (value: unknown) => boolean;

/** Of which kind a schema is, by the check that its refinement makes: copies of the schema keep it. */
const kinds = new WeakMap<Check, Kind>();

/** The kind as JSON Schema: its own keywords for readers, its judgement for who compiles it here. */
export function schemaOf<Value extends Scalar>(kind: Kind<Value>): Type.TUnsafe<Value> & PublishedSchema {
  const holds: Check = (value) => kind.judge(value).fault === undefined;
  kinds.set(holds, kind);
  return Type.Refine(kind.published as TSchema, holds) as unknown as Type.TUnsafe<Value> & PublishedSchema;
}

export function kindOf(schema: TSchema): Kind | undefined {
  const [refinement] = (schema as { '~refine'?: { check: Check }[] })['~refine'] ?? [];
  return refinement && kinds.get(refinement.check);
}

const QUOTED_LENGTH_MAX = 60;

/** A value to be shown: in quotation marks, with a code in place of every character that nobody can see. */
export function quoted(text: string): string {
  const characters = [...text].map((character) =>
    /^(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]$/u.test(character) ? `[${codePointOf(character)}]` : character,
  );
  const shown = characters.slice(0, QUOTED_LENGTH_MAX).join('');
  return `"${shown}${characters.length > QUOTED_LENGTH_MAX ? '…' : ''}"`;
}

/** `U+00A0` */
export function codePointOf(character: string): string {
  return `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
}
