/**
 * What a list shows, as its address says it: a link opens the same list for whoever may see it. A filter that is not set
 * is not in the address; the page is forgotten when a filter changes, as it was a page of something else.
 */
export type Filters<Name extends string> = Readonly<Partial<Record<Name, string>>>;

const CURSOR = 'cursor';

export function readFilters<Name extends string>(search: string, names: readonly Name[]): Filters<Name> {
  const parameters = new URLSearchParams(search);
  const found = names.flatMap((name) => {
    const value = parameters.get(name);
    return value ? [[name, value] as const] : [];
  });
  return Object.fromEntries(found) as Filters<Name>;
}

export function readCursor(search: string): string | undefined {
  return new URLSearchParams(search).get(CURSOR) ?? undefined;
}

/** In the order of the names, so that equal filters have equal addresses. */
export function addressOf<Name extends string>(
  path: string,
  names: readonly Name[],
  filters: Filters<Name>,
  cursor?: string,
): string {
  const parameters = new URLSearchParams();
  for (const name of names) {
    const value = filters[name];
    if (value) parameters.set(name, value);
  }
  if (cursor) parameters.set(CURSOR, cursor);
  const search = parameters.toString();
  return search ? `${path}?${search}` : path;
}

/** With a filter set to another value; an empty one takes it away. */
export function withFilter<Name extends string>(
  filters: Filters<Name>,
  name: NoInfer<Name>,
  value: string | undefined,
): Filters<Name> {
  const { [name]: _, ...others } = filters as Record<Name, string>;
  return (value ? { ...others, [name]: value } : others) as Filters<Name>;
}
