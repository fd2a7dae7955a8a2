import { edgesOf } from '../../libs/service/edges.ts';

/** Where a service at this address has its figures, unless it is told otherwise. */
export function metricsOf(address: string): URL {
  const url = new URL('/metrics', address);
  url.port = String(edgesOf(Number(url.port), {}).operationsPort);
  return url;
}
