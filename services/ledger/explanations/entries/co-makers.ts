/** What a maker's line is explained by, told where the maker is now: who else made it then is nobody's there. */
const OTHERS = 'others';

/** Keys whose texts are ids of makers; elsewhere they stand in accounts and owners: `maker:{id}`. */
const MAKERS = ['makerId', 'makerIds', 'into'];

/** An answer about an account of a maker with `others` in the place of every other maker. */
export function withoutCoMakers<Answer extends object>(answer: Answer, account: string): Answer {
  const [, own] = /^maker:(.+?)(?::[a-z-]+)?$/.exec(account) ?? [];
  const others = [...makersIn(answer)].filter((makerId) => makerId !== own && makerId !== OTHERS);
  if (others.length === 0) return answer;
  const ids = others.map((makerId) => makerId.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const other = new RegExp(`(?<![\\w.-])(?:${ids.join('|')})(?![\\w-]|\\.\\w)`, 'g');
  return JSON.parse(JSON.stringify(answer), (_, value) =>
    typeof value === 'string' ? value.replace(other, OTHERS) : renamed(value, other),
  );
}

function makersIn(value: unknown, key = ''): Set<string> {
  if (typeof value === 'string') {
    const owners = [...value.matchAll(/maker:([\w.-]*\w)/g)].map(([, makerId = '']) => makerId);
    return new Set(MAKERS.includes(key) ? [value, ...owners] : owners);
  }
  if (typeof value !== 'object' || value === null) return new Set();
  const parts = Array.isArray(value) ? value.map((part) => [key, part] as const) : Object.entries(value);
  return new Set(parts.flatMap(([name, part]) => [...makersIn(name), ...makersIn(part, name)]));
}

/** What is kept by maker or account; of several others none is told apart. */
function renamed(value: unknown, other: RegExp): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key.replace(other, OTHERS), part]));
}
