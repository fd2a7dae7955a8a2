import { normalPersonId } from '#libs/contracts';
import { Problem } from '#libs/http';

/** Whether two ids name one person, however they are written: `P-17 ` and `p-17` are nobody else than `P-17`. */
export function isSamePerson(one: string, other: string): boolean {
  return keyOf(one) === keyOf(other);
}

/** As the database compares them: person_key. Rows from before ids had a grammar may have blanks around them. */
function keyOf(person: string): string {
  return normalPersonId(person).trim();
}

/**
 * Whether this person has approved it before, so that nothing is left to do.
 * @throws Problem (409) if somebody else has
 */
export function isApprovedBy(approvedBy: string | null, by: string): boolean {
  if (approvedBy === null) return false;
  if (!isSamePerson(approvedBy, by)) throw alreadyApproved(approvedBy);
  return true;
}

/** @throws Problem (403) if who has drafted it, or done another step before, decides about it too */
export function requireSecondPerson(createdBy: string, by: string): void {
  if (isSamePerson(createdBy, by)) {
    const detail = 'Another person has to approve or confirm it than who drafted, billed or reviewed it.';
    throw new Problem({ status: 403, title: 'Not by its creator', detail });
  }
}

/** @throws Problem (403) if another than who has drafted it withdraws it */
export function requireDrafter(createdBy: string, by: string): void {
  if (!isSamePerson(createdBy, by)) {
    throw new Problem({ status: 403, title: 'Only by its creator', detail: 'Others may refuse to approve it.' });
  }
}

/** @throws Problem (403) if another than who has drafted it withdraws it, (409) if somebody has approved it */
export function requireWithdrawable(
  { createdBy, approvedBy }: { readonly createdBy: string; readonly approvedBy: string | null },
  by: string,
): void {
  requireDrafter(createdBy, by);
  if (approvedBy !== null) throw alreadyApproved(approvedBy);
}

function alreadyApproved(by: string): Problem {
  return new Problem({ status: 409, title: 'Already approved', detail: `by ${by}` });
}
