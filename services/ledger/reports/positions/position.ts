/** What is where, now. Whole rupiah; what is owed to somebody, and what there is, is positive. */
export interface FacilityPosition {
  /** With channels, less what they are expected to keep. */
  readonly channelHeld: number;
  readonly bank: number;
  readonly costRecovery: number;
  readonly pending: number;
  readonly available: number;
  readonly suspense: number;
  readonly owed: number;
  readonly billed: number;
  /** `YYYY-MM-DD`; null: nothing is owed. */
  readonly since: string | null;
}

/** Of makers together, or of one. */
export interface MakersPosition {
  readonly count: number;
  /** How many of them have something available. */
  readonly awaiting: number;
  readonly pending: number;
  readonly available: number;
  readonly reserved: number;
  readonly savings: number;
  readonly receivable: number;
}

export const noMakers: MakersPosition = {
  count: 0,
  awaiting: 0,
  pending: 0,
  available: 0,
  reserved: 0,
  savings: 0,
  receivable: 0,
};

/** A facility's own, and of the makers who are seated there. */
export interface Position {
  readonly own: FacilityPosition;
  readonly makers: MakersPosition;
}

/** Of several facilities together. */
export function together(positions: readonly Position[]): Position {
  const of = (figure: (position: Position) => number) => positions.reduce((sum, position) => sum + figure(position), 0);
  const days = positions.flatMap(({ own }) => own.since ?? []).sort();
  return {
    own: {
      channelHeld: of(({ own }) => own.channelHeld),
      bank: of(({ own }) => own.bank),
      costRecovery: of(({ own }) => own.costRecovery),
      pending: of(({ own }) => own.pending),
      available: of(({ own }) => own.available),
      suspense: of(({ own }) => own.suspense),
      owed: of(({ own }) => own.owed),
      billed: of(({ own }) => own.billed),
      since: days[0] ?? null,
    },
    makers: {
      count: of(({ makers }) => makers.count),
      awaiting: of(({ makers }) => makers.awaiting),
      pending: of(({ makers }) => makers.pending),
      available: of(({ makers }) => makers.available),
      reserved: of(({ makers }) => makers.reserved),
      savings: of(({ makers }) => makers.savings),
      receivable: of(({ makers }) => makers.receivable),
    },
  };
}
