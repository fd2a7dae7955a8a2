import { type Fault, fault, normalPersonId } from '#libs/contracts';
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

/** Why a step is not to be taken. */
export interface Objection extends Fault {
  readonly status: 403 | 409;
  readonly title: string;
}

/** Of what a step can be taken, where nothing else is said. */
const DRAFT: readonly Decision['status'][] = ['draft'];

/**
 * Whether a step is still to be taken; false: the same person has taken it before, so that nothing is left to do.
 * @param from what it has to be for that
 * @throws Problem (409) if it is something else, (403) if it is not for this person to take
 */
export function isToDo(decision: Decision, step: Step, by: string, from = DRAFT): boolean {
  if (decision.status === statusAfter[step] && isSamePerson(whoMade(decision), by)) return false;
  const objection = objectionTo(decision, step, by, from);
  if (objection) {
    const { status, title, message } = objection;
    throw new Problem({ status, title, detail: message.en });
  }
  return true;
}

/** Why this person is not to take a step; undefined: nothing is against it. */
export function objectionTo(decision: Decision, step: Step, by: string, from = DRAFT): Objection | undefined {
  const { status, draftedBy, reviewedBy } = decision;
  if (!from.includes(status)) {
    if (status === 'draft') return NOT_REVIEWED;
    const words = fault(
      `already-${status}`,
      `It is ${status} by ${whoMade(decision)}, and would have to be ${from.join(' or ')}.`,
      `Sudah ${STATUS_ID[status]} oleh ${whoMade(decision)}.`,
    );
    return { status: 409, title: `Already ${status}`, ...words };
  }
  if (step === 'withdrawal' && !isSamePerson(draftedBy, by)) return NOT_ITS_DRAFTER;
  const before = [draftedBy, reviewedBy].filter((one) => typeof one === 'string');
  return step === 'approval' && before.some((one) => isSamePerson(one, by)) ? SAME_PERSON : undefined;
}

const STATUS_ID = {
  reviewed: 'ditinjau',
  approved: 'disetujui',
  rejected: 'ditolak',
  withdrawn: 'ditarik',
} as const satisfies Record<Exclude<Decision['status'], 'draft'>, string>;

const NOT_REVIEWED: Objection = {
  status: 409,
  title: 'Not reviewed',
  ...fault('not-reviewed', 'It is a draft, and would have to be reviewed.', 'Masih usulan; harus ditinjau dahulu.'),
};
/** Who has drafted it, or done another step before, does not decide about it too. */
const SAME_PERSON: Objection = {
  status: 403,
  title: 'Not by its creator',
  ...fault(
    'same-person',
    'Another person has to approve or confirm it than who drafted, billed or reviewed it.',
    'Yang menyetujui atau mengonfirmasi harus orang lain daripada yang mengusulkan, menagih, atau meninjau.',
  ),
};
const NOT_ITS_DRAFTER: Objection = {
  status: 403,
  title: 'Only by its creator',
  ...fault('not-its-drafter', 'Others may refuse to approve it.', 'Hanya pengusulnya; orang lain dapat menolaknya.'),
};

/** Who made it what it is. */
function whoMade({ status, draftedBy, reviewedBy, decidedBy }: Decision): string {
  if (status === 'reviewed') return reviewedBy ?? '';
  return status === 'approved' || status === 'rejected' ? (decidedBy ?? '') : draftedBy;
}

/** Whether two ids name one person, however they are written: `P-17 ` and `p-17` are nobody else than `P-17`. */
export function isSamePerson(one: string, other: string): boolean {
  return keyOf(one) === keyOf(other);
}

/** As the database compares them: person_key. Rows from before ids had a grammar may have blanks around them. */
function keyOf(person: string): string {
  return normalPersonId(person).trim();
}
