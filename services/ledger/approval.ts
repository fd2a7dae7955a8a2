import { Problem } from '#libs/http';

/**
 * Whether this person has approved it before, so that nothing is left to do.
 * @throws Problem (409) if somebody else has
 */
export function isApprovedBy(approvedBy: string | null, by: string): boolean {
  if (approvedBy !== null && approvedBy !== by) throw alreadyApproved(approvedBy);
  return approvedBy === by;
}

/** @throws Problem (403) if who has drafted it approves it */
export function requireSecondPerson(createdBy: string, by: string): void {
  if (createdBy === by) {
    throw new Problem({ status: 403, title: 'Not by its creator', detail: 'Another person has to approve a draft.' });
  }
}

/** @throws Problem (403) if another than who has drafted it withdraws it */
export function requireDrafter(createdBy: string, by: string): void {
  if (createdBy !== by) {
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
