import { normalPersonId } from '#libs/contracts';
import { Problem } from '#libs/http';

/** What one person drafts and another decides about. */
export interface Decision {
  readonly status: 'draft' | 'reviewed' | 'approved' | 'rejected' | 'withdrawn';
  /** Person ids. */
  readonly draftedBy: string;
  readonly reviewedBy?: string | null;
  /** Who approved or rejected it; only its drafter withdraws it. */
  readonly decidedBy: string | null;
}

export type Step = 'review' | 'approval' | 'rejection' | 'withdrawal';

/** What each step makes of it. */
const statusAfter = {
  review: 'reviewed',
  approval: 'approved',
  rejection: 'rejected',
  withdrawal: 'withdrawn',
} as const satisfies Record<Step, Decision['status']>;

/**
 * Whether a step is still to be taken; false: the same person has taken it before, so that nothing is left to do.
 * @param from what it has to be for that
 * @throws Problem (409) if it is something else, (403) if it is not for this person to take
 */
export function isToDo(
  decision: Decision,
  step: Step,
  by: string,
  from: readonly Decision['status'][] = ['draft'],
): boolean {
  const { status, draftedBy } = decision;
  const before = whoMade(decision);
  if (status === statusAfter[step] && isSamePerson(before, by)) return false;
  if (!from.includes(status)) {
    const detail = `It is ${status === 'draft' ? 'a draft' : `${status} by ${before}`}, and would have to be ${from.join(' or ')}.`;
    throw new Problem({ status: 409, title: status === 'draft' ? 'Not reviewed' : `Already ${status}`, detail });
  }
  if (step === 'withdrawal') requireDrafter(draftedBy, by);
  if (step === 'approval') for (const one of [draftedBy, decision.reviewedBy]) if (one) requireSecondPerson(one, by);
  return true;
}

/** Who made it what it is. */
function whoMade({ status, draftedBy, reviewedBy, decidedBy }: Decision): string {
  if (status === 'reviewed') return reviewedBy ?? '';
  return status === 'approved' || status === 'rejected' ? (decidedBy ?? '') : draftedBy;
}

/** @throws Problem (403) if who has drafted it, or done another step before, decides about it too */
function requireSecondPerson(one: string, by: string): void {
  if (isSamePerson(one, by)) {
    const detail = 'Another person has to approve or confirm it than who drafted, billed or reviewed it.';
    throw new Problem({ status: 403, title: 'Not by its creator', detail });
  }
}

function requireDrafter(draftedBy: string, by: string): void {
  if (!isSamePerson(draftedBy, by)) {
    throw new Problem({ status: 403, title: 'Only by its creator', detail: 'Others may refuse to approve it.' });
  }
}

/** Whether two ids name one person, however they are written: `P-17 ` and `p-17` are nobody else than `P-17`. */
export function isSamePerson(one: string, other: string): boolean {
  return keyOf(one) === keyOf(other);
}

/** As the database compares them: person_key. Rows from before ids had a grammar may have blanks around them. */
function keyOf(person: string): string {
  return normalPersonId(person).trim();
}
