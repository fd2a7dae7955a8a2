import { catalogue, channels, ledger, orders, payments, type Screen } from './screen.ts';

/** What does not fit, and since when. */
export const exceptions: Screen = {
  sections: {
    settlements: payments('exceptions?limit=50'),
    exceptions: ledger(
      'exceptions?facilityId={facility}&region={region}&kind={kind}&owner={owner}&days={days}&cursor={cursor}&limit={limit}',
    ),
  },
};

/** One of them, as each house has it. */
export const exception: Screen = {
  sections: { reconciliation: ledger('reconciliation/{kind}/{reference}') },
};

export const audit: Screen = {
  sections: {
    verifications: ledger('verifications?limit={limit}'),
    seals: ledger('audit/seals?limit=31'),
    keys: ledger('audit/keys'),
    decisions: ledger('decisions?state=approved&limit=50'),
    readings: catalogue('personal-reads?makerId={maker}&cursor={cursor}&limit=50'),
    ledgerReadings: ledger('personal-reads?makerId={maker}&limit=50'),
    approvers: ledger('approvers'),
  },
};

/** Messages that could not be processed, in each service. */
export const operations: Screen = {
  sections: {
    catalogue: catalogue('dead-letters/summary'),
    orders: orders('dead-letters/summary'),
    payments: payments('dead-letters/summary'),
    ledger: ledger('dead-letters/summary'),
    catalogueLetters: catalogue('dead-letters?limit=50'),
    ordersLetters: orders('dead-letters?limit=50'),
    paymentsLetters: payments('dead-letters?limit=50'),
    ledgerLetters: ledger('dead-letters?limit=50'),
  },
};

/** What marketplaces sent and could not be taken. */
export const rejected: Screen = {
  sections: {
    rejected: orders('rejected-checkouts?channel={channel}&cursor={cursor}&limit={limit}'),
  },
};

/** What a marketplace sent, and what became of it. */
export const sent: Screen = {
  sections: {
    orders: orders('orders?channel={channel}&status={status}&reason={reason}&cursor={cursor}&limit={limit}'),
  },
};

/** Which channels there are: to take what one says that it paid out, or to read its terms. */
export const sources: Screen = { sections: { channels } };

/** What a channel charges and bears, what it calls goods of ours, and whose its stores are: every version, with who decided. */
export const channel: Screen = {
  sections: {
    terms: orders('channels/{channel}/terms'),
    sets: orders('channels/{channel}/listings'),
    stores: orders('channels/{channel}/stores'),
  },
};

/** A set of a channel's stores. */
export const stores: Screen = {
  sections: {
    sets: orders('channels/{channel}/stores'),
    set: orders('channels/{channel}/stores/{version}'),
  },
};

/** A set of listings, and what it changes. */
export const listings: Screen = {
  sections: {
    sets: orders('channels/{channel}/listings'),
    rows: orders('channels/{channel}/listings/{version}/rows?cursor={cursor}&limit={limit}'),
    comparison: orders('channels/{channel}/listings/{version}/comparison'),
  },
};
