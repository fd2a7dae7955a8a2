export { allocate, type Claim } from './allocate.ts';
export { type Floored, floorOfProduct, floorOfSum, type Ratio, ratioOf } from './ratio.ts';
export { type Leaf, reverse } from './reverse.ts';
export { NotRupiah, type Rupiah, rupiah } from './rupiah.ts';
