import { catalogue, ledger, type Screen, titles } from './screen.ts';

export const makers: Screen = {
  sections: {
    makers: catalogue('makers?facilityId={facility}&cursor={cursor}&limit={limit}'),
    totals: ledger('totals?by=maker&facilityId={facility}&from={month.first}&to={month.last}'),
    positions: ledger('positions?by=maker&facilityId={facility}&limit=1000'),
  },
  names: 'production',
  namesOf: 'makers',
};

/** One maker: what is owed to whom, and how it came. */
export const maker: Screen = {
  sections: {
    standing: ledger('makers/{maker}/standing'),
    balances: ledger('owners/maker:{maker}'),
    story: ledger('makers/{maker}/story?month={month}'),
    obligations: ledger('obligations?debtor=maker:{maker}'),
    events: ledger('maker-events?makerId={maker}'),
  },
  names: 'statement',
};

/** The list by which wages are handed out. */
export const premi: Screen = {
  sections: {
    list: ledger('reports/premi?facilityId={facility}&month={month}&language={language}'),
    positions: ledger('positions?by=maker&facilityId={facility}&cursor={cursor}&limit={limit}'),
  },
  names: 'payout',
};

/** What a maker sees of himself. */
export const kiosk: Screen = {
  sections: {
    balances: ledger('owners/maker:{maker}'),
    story: ledger('makers/{maker}/story?month={month}'),
    titles,
  },
};
