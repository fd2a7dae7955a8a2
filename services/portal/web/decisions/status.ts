interface Decided {
  readonly approvedBy: string | null;
  readonly rejectedBy: string | null;
  readonly withdrawnAt: string | null;
}

/** How a draft stands, as the glossary names it. */
export function statusOf({ approvedBy, rejectedBy, withdrawnAt }: Decided): string {
  if (approvedBy) return 'approved';
  if (rejectedBy) return 'rejected';
  return withdrawnAt ? 'withdrawn' : 'draft';
}
