import { ledger, type Screen } from './screen.ts';

/** What awaits somebody, of all kinds. */
export const decisions: Screen = {
  sections: {
    decisions: ledger(
      'decisions?state={state}&kind={kind}&facilityId={facility}&mine={mine}&cursor={cursor}&limit={limit}',
    ),
  },
};

export const payouts: Screen = {
  sections: {
    payouts: ledger('payouts?facilityId={facility}&status={status}&cursor={cursor}&limit={limit}'),
    positions: ledger('positions?by=maker&facilityId={facility}'),
  },
  names: 'payout',
};

export const payout: Screen = {
  sections: {
    payout: ledger('payouts/{id}'),
  },
  names: 'payout',
};

export const deposits: Screen = {
  sections: {
    deposits: ledger('deposits?facilityId={facility}&status={status}&cursor={cursor}&limit={limit}'),
    positions: ledger('positions?by=facility&facilityId={facility}'),
  },
};

/** To propose one: which accounts there are, of the facility and of who is seated there. */
export const adjustmentEntry: Screen = {
  sections: {
    accounts: ledger('accounts?facilityId={facility}&limit=1000'),
    makers: ledger('positions?by=maker&facilityId={facility}&limit=1000'),
  },
  names: 'correction',
};

export const adjustment: Screen = {
  sections: { adjustment: ledger('adjustments/{id}') },
  names: 'correction',
};

export const makerEvent: Screen = {
  sections: { event: ledger('maker-events/{id}') },
  names: 'release',
};

export const agreements: Screen = {
  sections: {
    agreements: ledger('agreements?status={status}&cursor={cursor}&limit={limit}'),
  },
};

/** What a draft would have shared. */
export const simulation: Screen = {
  sections: { simulation: ledger('agreements/{id}/{version}/simulations/{simulation}') },
};

/** One version, beside the others of its agreement. */
export const agreement: Screen = {
  sections: {
    agreement: ledger('agreements/{id}/{version}'),
    versions: ledger('agreements?id={id}'),
  },
};
