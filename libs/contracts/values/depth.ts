/** As deep as anything of ours is, and far from what a JSON writer's or PostgreSQL's stack can hold. */
export const DEPTH_MAX = 32;

/** Whether data from outside is nested no deeper than we can write down again. Does not recurse. */
export function isShallow(data: unknown): boolean {
  let level = [data].filter(isNested);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === DEPTH_MAX) return false;
    level = level.flatMap((each) => Object.values(each).filter(isNested));
  }
  return true;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
