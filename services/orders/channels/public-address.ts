import { BlockList, isIP, isIPv6 } from 'node:net';

const NOT_PUBLIC = new BlockList();
for (const [network, prefix] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as const),
  ...([
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
  ] as const),
  ...([
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ] as const),
] as const) {
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv4');
}
/** Of IPv6 what is routed in public, less what leads to IPv4 addresses or is for examples. */
const ROUTED = new BlockList();
ROUTED.addSubnet('2000::', 3, 'ipv6');
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv6');
}

/** Whether an IP address is one that anybody in the internet can reach: no computer of ours, and no network beside it. */
export function isPublic(address: string): boolean {
  if (isIPv6(address)) return ROUTED.check(address, 'ipv6') && !NOT_PUBLIC.check(address, 'ipv6');
  return isIP(address) === 4 && !NOT_PUBLIC.check(address, 'ipv4');
}

/** Environment: WEBHOOK_TRUSTED_HOSTS, `host:port` separated by commas: what is sent without TLS and within our own network. */
export const trustedHosts = (): ReadonlySet<string> =>
  new Set((process.env.WEBHOOK_TRUSTED_HOSTS ?? '').split(',').filter(Boolean));

/** Why nothing is ever sent to an address; undefined: it may be, if what its name leads to is public. */
export function refusalOf({ host, hostname, protocol }: URL, trusted: ReadonlySet<string>): string | undefined {
  if (trusted.has(host)) return undefined;
  if (protocol !== 'https:') return 'is not https';
  const ip = hostname.replace(/^\[|\]$/g, '');
  return isIP(ip) && !isPublic(ip) ? 'is not public' : undefined;
}
