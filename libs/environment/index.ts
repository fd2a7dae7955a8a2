export { isPlaintextAllowed, isThisComputer, requireEncrypted } from './plaintext.ts';
export { setting } from './setting.ts';
