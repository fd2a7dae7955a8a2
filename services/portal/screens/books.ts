import { kept, ledger, type Screen } from './screen.ts';

/** Lines of accounts, as a sentence filters them. */
export const entries: Screen = {
  sections: {
    entries: ledger(
      'entries?facilityId={facility}&region={region}&ownerKind={owner}&account={account}&kind={kind}&agreement={agreement}&saleId={sale}&from={from}&to={to}&cursor={cursor}&limit={limit}&order={sort}',
    ),
  },
};

/** Which reports there are, and whether the books balance. */
export const reports: Screen = {
  sections: {
    reports: kept(ledger('reports')),
    trialBalance: ledger('trial-balance?on={to}'),
  },
};

export const report: Screen = {
  sections: {
    report: ledger(
      'reports/{name}?facilityId={facility}&from={from}&to={to}&month={month}&year={year}&language={language}',
    ),
  },
};

export const months: Screen = {
  sections: {
    periods: ledger('periods?cursor={cursor}&limit={limit}'),
  },
};

/** What is missing for a month to be closed. */
export const month: Screen = {
  sections: {
    checklist: ledger('periods/{month}/checklist'),
  },
};
