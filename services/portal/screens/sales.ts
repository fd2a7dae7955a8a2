import { catalogue, channels, facilities, ledger, orders, payments, type Screen, titles } from './screen.ts';

export const sales: Screen = {
  sections: {
    sales: orders(
      'sales?facilityId={facility}&region={region}&channel={channel}&status={status}&sku={sku}&q={q}&from={from}&to={to}&cursor={cursor}&limit={limit}&order={sort}',
    ),
    titles: catalogue('products?facilityId={facility}&limit=1000'),
    channels,
    facilities,
  },
};

/** An order: what became of it, part by part. */
export const order: Screen = {
  sections: {
    order: orders('orders/{channel}/{ref}'),
    flows: ledger('flows?orderId={order}'),
    titles,
    payment: payments('payments/{channel}/{ref}'),
    timeline: orders('orders/{channel}/{ref}/timeline?cursor={cursor}'),
    channels,
    facilities,
  },
  names: 'production',
};

/** Where the money of an order went, and why. */
export const explain: Screen = {
  sections: {
    order: orders('orders/{channel}/{ref}'),
    flows: ledger('flows?orderId={order}'),
    titles,
    facilities,
  },
  names: 'production',
};

/** Why one line of an account is there. */
export const entry: Screen = {
  sections: {
    explanation: ledger('entries/{account}/{version}/explanation'),
    facilities,
  },
  names: 'correction',
};
