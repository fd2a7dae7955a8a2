const PSEUDONYM = /^maker:([^:]+)/;

/** As many as one call names. */
export const NAMES_MAX = 500;

/** Makers whom answers of services speak of, by `makerId` or as who owns an account. */
export function makersIn(data: unknown, found = new Set<string>()): Set<string> {
  if (typeof data === 'string') {
    const [, maker] = PSEUDONYM.exec(data) ?? [];
    if (maker !== undefined) found.add(maker);
  } else if (Array.isArray(data)) {
    for (const each of data) makersIn(each, found);
  } else if (typeof data === 'object' && data !== null) {
    for (const [key, value] of Object.entries(data)) {
      if (key === 'makerId' && typeof value === 'string') found.add(value);
      else makersIn(value, found);
    }
  }
  return found;
}
