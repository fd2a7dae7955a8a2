import { catalogue, channels, ledger, orders, type Screen, titles } from './screen.ts';

export const sales: Screen = {
  sections: {
    sales: orders(
      'sales?facilityId={facility}&region={region}&channel={channel}&status={status}&sku={sku}&q={q}&from={from}&to={to}&cursor={cursor}&limit={limit}&order={sort}',
    ),
    titles: catalogue('products?facilityId={facility}&limit=1000'),
    channels,
  },
};

/** An order: what became of it, part by part. */
export const order: Screen = {
  sections: {
    order: orders('orders/{channel}/{ref}'),
    flows: ledger('flows?orderId={order}'),
    titles,
    timeline: orders('orders/{channel}/{ref}/timeline?cursor={cursor}'),
  },
  names: 'production',
};

/** Where the money of an order went, and why. */
export const explain: Screen = {
  sections: {
    order: orders('orders/{channel}/{ref}'),
    flows: ledger('flows?orderId={order}'),
    titles,
  },
  names: 'production',
};

/** Why one line of an account is there. */
export const entry: Screen = {
  sections: {
    explanation: ledger('entries/{account}/{version}/explanation'),
  },
  names: 'correction',
};
