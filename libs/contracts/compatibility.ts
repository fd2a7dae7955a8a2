/** A JSON Schema as data. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Words about a value, not rules for it. */
const COMMENTS = ['description', 'title', 'examples', '$comment'];

/** Rules for a value alone. */
const VALUE_RULES = ['pattern', 'format', 'minLength', 'maxLength', 'minimum', 'maximum'];

/**
 * Of an event from outside: its shape is promised, but the rules for its values may change, as what they refuse becomes a
 * rejection that its sender sees, and no message of today is lost.
 */
export function incompatibilitiesOfShape(released: JsonSchema, current: JsonSchema): string[] {
  return incompatibilities(shapeOf(released) as JsonSchema, shapeOf(current) as JsonSchema);
}

function shapeOf(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
  const rules = Object.entries(schema).filter(([keyword]) => !VALUE_RULES.includes(keyword));
  return Object.fromEntries(rules.map(([keyword, value]) => [keyword, shapeOf(value)]));
}

/**
 * What would break a reader or a writer of `released` if `current` took its place under the same event type.
 *
 * Only adding optional properties is allowed. Anything else, a looser bound included, is a new type: an old consumer
 * would receive what it was promised never to see.
 */
export function incompatibilities(released: JsonSchema, current: JsonSchema, path = 'data'): string[] {
  const findings: string[] = [];
  for (const keyword of new Set([...Object.keys(released), ...Object.keys(current)])) {
    if (COMMENTS.includes(keyword)) continue;
    if (keyword === 'properties') findings.push(...ofProperties(released, current, path));
    else if (keyword === 'items')
      findings.push(...incompatibilities(schemaOf(released, 'items'), schemaOf(current, 'items'), `${path}[]`));
    else if (keyword === 'required') findings.push(...ofRequired(released, current, path));
    else if (!sameRule(released[keyword], current[keyword])) {
      findings.push(
        `${path}: ${keyword} was ${JSON.stringify(released[keyword])}, is ${JSON.stringify(current[keyword])}`,
      );
    }
  }
  return findings;
}

function ofProperties(released: JsonSchema, current: JsonSchema, path: string): string[] {
  const before = schemaOf(released, 'properties');
  const after = schemaOf(current, 'properties');
  return Object.keys(before).flatMap((name) =>
    name in after
      ? incompatibilities(schemaOf(before, name), schemaOf(after, name), `${path}.${name}`)
      : [`${path}.${name}: is gone`],
  );
}

function ofRequired(released: JsonSchema, current: JsonSchema, path: string): string[] {
  const before = (released.required ?? []) as string[];
  const after = (current.required ?? []) as string[];
  return [
    ...before.filter((name) => !after.includes(name)).map((name) => `${path}.${name}: is no longer required`),
    ...after.filter((name) => !before.includes(name)).map((name) => `${path}.${name}: is now required`),
  ];
}

function schemaOf(schema: JsonSchema, keyword: string): JsonSchema {
  return (schema[keyword] ?? {}) as JsonSchema;
}

function sameRule(released: unknown, current: unknown): boolean {
  return JSON.stringify(withoutComments(released)) === JSON.stringify(withoutComments(current));
}

function withoutComments(rule: unknown): unknown {
  if (Array.isArray(rule)) return rule.map(withoutComments);
  if (typeof rule !== 'object' || rule === null) return rule;
  return Object.fromEntries(
    Object.entries(rule)
      .filter(([keyword]) => !COMMENTS.includes(keyword))
      .map(([keyword, value]) => [keyword, withoutComments(value)]),
  );
}
