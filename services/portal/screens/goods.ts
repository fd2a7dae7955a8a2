import { catalogue, facilities, type Screen } from './screen.ts';

export const lots: Screen = {
  sections: {
    lots: catalogue(
      'lots?facilityId={facility}&sku={sku}&recorded={recorded}&available={available}&from={from}&to={to}&order=newest&cursor={cursor}&limit={limit}',
    ),
    titles: catalogue('products?facilityId={facility}&limit=1000'),
    facilities,
  },
  names: 'production',
};

/** To record a lot: what is made here, and who makes it. */
export const lotEntry: Screen = {
  sections: {
    titles: catalogue('products?facilityId={facility}&limit=1000'),
    makers: catalogue('makers?facilityId={facility}&limit=1000'),
    latest: catalogue('lots?facilityId={facility}&order=newest&limit=100'),
  },
  names: 'production',
};
