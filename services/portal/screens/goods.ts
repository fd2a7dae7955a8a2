import { catalogue, type Screen, titles } from './screen.ts';

export const lots: Screen = {
  sections: {
    lots: catalogue(
      'lots?facilityId={facility}&sku={sku}&recorded={recorded}&available={available}&from={from}&to={to}&order=newest&cursor={cursor}&limit={limit}',
    ),
    unrecorded: catalogue('lots?facilityId={facility}&recorded=false&limit=100'),
    titles: catalogue('products?facilityId={facility}&limit=1000'),
    low: catalogue('products?facilityId={facility}&low=true&limit=100'),
  },
  names: 'production',
};

/** One lot: why so many pieces of it are there, and what it was before it was corrected. */
export const lot: Screen = {
  sections: {
    lot: catalogue('lots/{lot}'),
    movements: catalogue('lots/{lot}/movements'),
    versions: catalogue('lots/{lot}/versions'),
    titles,
  },
  names: 'production',
};

/** To correct a lot: what it is, and who may have made it. */
export const lotCorrection: Screen = {
  sections: {
    lot: catalogue('lots/{lot}'),
    makers: catalogue('makers?limit=1000'),
  },
  names: 'correction',
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
