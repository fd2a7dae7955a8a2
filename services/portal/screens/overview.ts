import { catalogue, ledger, orders, type Screen } from './screen.ts';

/** The country, or a region: its facilities, its year. */
export const overview: Screen = {
  sections: {
    totals: ledger('totals?by=facility&region={region}&from={year.first}&to={year.last}'),
    trend: ledger('totals?by=month&region={region}&from={year.first}&to={year.last}'),
    positions: ledger('positions?by=facility&region={region}&limit=1000'),
  },
};

/** One facility in a month. */
export const facility: Screen = {
  sections: {
    totals: ledger('totals?by=facility&facilityId={facility}&from={month.first}&to={month.last}'),
    trend: ledger('totals?by=month&facilityId={facility}&from={month.yearAgo}&to={month.last}'),
    products: ledger('totals?by=sku&facilityId={facility}&from={month.first}&to={month.last}'),
    makers: ledger('totals?by=maker&facilityId={facility}&from={month.first}&to={month.last}'),
    positions: ledger('positions?by=facility&facilityId={facility}'),
    sales: orders('sales?facilityId={facility}&limit=20'),
    titles: catalogue('products?facilityId={facility}&limit=1000'),
  },
  names: 'production',
};
