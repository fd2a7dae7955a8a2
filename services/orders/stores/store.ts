/** Which facility bears what a channel takes or gives beside its orders. */
export interface Store {
  /** Of the channel, as it calls it; `*`: any, and what it says of none. */
  readonly store: string;
  readonly facilityId: string;
}
