import type { Screen } from './screen.ts';

/** Parameters of a screen, as its address has them. */
export type Parameters = Readonly<Record<string, string | undefined>>;

/** What follows from parameters: the days of a month, a year before it. */
const DERIVED: Readonly<Record<string, (of: Parameters) => string | undefined>> = {
  'month.first': ({ month }) => (month === undefined ? undefined : `${month}-01`),
  'month.last': ({ month }) => (month === undefined ? undefined : lastDayOf(month)),
  'month.yearAgo': ({ month }) => (month === undefined ? undefined : `${monthsBefore(month, 11)}-01`),
  'year.first': ({ year }) => (year === undefined ? undefined : `${year}-01-01`),
  'year.last': ({ year }) => (year === undefined ? undefined : `${year}-12-31`),
  order: ({ channel, ref }) => (channel === undefined || ref === undefined ? undefined : `${channel}/${ref}`),
};

const PLACE = /\{([\w.]+)\}/g;

/** Where they have a form of their own; whatever else they hold, the services judge. */
const FORMS: Readonly<Record<string, RegExp>> = { month: /^\d{4}-(?:0[1-9]|1[0-2])$/, year: /^\d{4}$/ };

/** What a screen takes: whatever stands in its paths, or what that follows from. */
export function parametersOf({ sections }: Screen): Set<string> {
  const places = Object.values(sections).flatMap(({ path }) => [...path.matchAll(PLACE)].map(([, name = '']) => name));
  return new Set(places.flatMap((name) => (name === 'order' ? ['channel', 'ref'] : (name.split('.')[0] ?? name))));
}

/** Names of parameters that a screen does not take, or whose form is wrong. */
export function faultsOf(
  screen: Screen,
  given: Parameters,
): { unknown: string[]; malformed: string[]; missing: string[] } {
  const taken = parametersOf(screen);
  const names = Object.keys(given);
  const needed = Object.values(screen.sections).flatMap(({ path }) =>
    [...(path.split('?')[0] ?? '').matchAll(PLACE)].map(([, name = '']) => name),
  );
  return {
    unknown: names.filter((name) => !taken.has(name)),
    malformed: names.filter((name) => FORMS[name] && !FORMS[name].test(given[name] ?? '')),
    missing: [...new Set(needed)].filter((name) => valueIn(name, given) === undefined),
  };
}

/** A path with the values of the parameters in it. */
export function filled(path: string, given: Parameters): string {
  const [place = '', query] = path.split('?');
  const escaped = (text: string): string =>
    text.replace(PLACE, (_, name: string) => encodeURIComponent(valueIn(name, given) ?? ''));
  const parts = (query ?? '')
    .split('&')
    .filter(
      (part) => part !== '' && [...part.matchAll(PLACE)].every(([, name = '']) => valueIn(name, given) !== undefined),
    )
    .map(escaped);
  return parts.length > 0 ? `${escaped(place)}?${parts.join('&')}` : escaped(place);
}

function valueIn(name: string, given: Parameters): string | undefined {
  const value = DERIVED[name] ? DERIVED[name](given) : given[name];
  return value === '' ? undefined : value;
}

function lastDayOf(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return `${month}-${new Date(Date.UTC(year, number, 0)).getUTCDate()}`;
}

function monthsBefore(month: string, count: number): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 - count, 1)).toISOString().slice(0, 7);
}
