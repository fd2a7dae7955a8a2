import { hash } from 'node:crypto';

/**
 * The last word between payees with equal claims: smaller SHA-256 of `{scope}|{payee}`, compared as bytes (of which
 * lower-case hexadecimal keeps the order). It favours nobody for good, as the scope changes from line to line, and
 * anybody can check it. Hashes are computed only when asked for.
 * @param scope `{channel}/{orderRef}/{lineRef}`, or `{channel}/{orderRef}` for an order over its lines
 */
export function byHash(scope: string): (payee: string, other: string) => number {
  const hashes = new Map<string, string>();
  const hashOf = (payee: string): string => {
    let known = hashes.get(payee);
    if (known === undefined) {
      known = hash('sha256', `${scope}|${payee}`, 'hex');
      hashes.set(payee, known);
    }
    return known;
  };
  return (payee, other) => (payee === other ? 0 : hashOf(payee) < hashOf(other) ? -1 : 1);
}
