export { configuredKeys, derivedKey, type Key } from './keys.ts';
export { Sealer } from './sealer.ts';
