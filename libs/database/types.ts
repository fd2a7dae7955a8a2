import { types } from 'pg';

const INT8 = 20;
const DATE = 1082;

/** Money and counts are bigint columns and integers here: a value that a number cannot hold exactly is refused. */
types.setTypeParser(INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond 2^53-1`);
  return value;
});

/** A date has no zone: `YYYY-MM-DD`, never a Date. */
types.setTypeParser(DATE, (text) => text);
