import { type Database, elevated, facilitiesInScope } from '#libs/database';

/**
 * Reads what is about an account or its owner. What is a maker's is in the books of several facilities: it is read whole
 * where the maker is seated in the scope, or is whoever reads.
 */
export async function readAbout<T>(database: Database, accountOrOwner: string, read: () => Promise<T>): Promise<T> {
  const [, makerId] = /^maker:(.+?)(?::[a-z-]+)?$/.exec(accountOrOwner) ?? [];
  if (makerId === undefined || facilitiesInScope() === null) return read();
  const seats = await database.query('SELECT FROM maker_seat WHERE maker_id = $1', [makerId]);
  return seats.length > 0 ? elevated(read) : read();
}
