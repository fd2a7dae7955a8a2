/**
 * What changed, told by the server as it happens: no money, no maker, only where to look again. One connection a browser,
 * whichever page holds it tells the others: HTTP/1.1 allows six to a server.
 */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState } from 'react';

export interface Change {
  readonly facilityId: string;
  readonly kind: string;
  readonly reference: string;
}

type Told = { readonly change: Change } | { readonly connected: boolean };

const LOCK = 'pasindo-live';
/** Figures follow at most this often, so that a busy minute is not a flicker. */
const SETTLE_MS = 400;

export interface Live {
  readonly connected: boolean;
  readonly paused: boolean;
  readonly pause: (paused: boolean) => void;
}

export const LiveContext = createContext<Live>({ connected: true, paused: false, pause: () => {} });

export function useLive(): Live {
  return use(LiveContext);
}

/** Screens ask again when something changed. Nothing is asked again while it is paused; then everything once. */
export function useFeed(): Live {
  const [connected, setConnected] = useState(true);
  const [paused, pause] = useState(false);
  const client = useQueryClient();
  useEffect(() => {
    if (paused) return;
    void client.invalidateQueries({ queryKey: ['screen'] });
    const ended = new AbortController();
    const channel = new BroadcastChannel(LOCK);
    let settling: ReturnType<typeof setTimeout> | undefined;
    const hear = (told: Told) => {
      if ('connected' in told) {
        setConnected(told.connected);
        if (!told.connected) return;
      }
      settling ??= setTimeout(() => {
        settling = undefined;
        void client.invalidateQueries({ queryKey: ['screen'] });
      }, SETTLE_MS);
    };
    channel.onmessage = ({ data }: MessageEvent<Told>) => hear(data);
    const tell = (told: Told) => {
      hear(told);
      channel.postMessage(told);
    };
    void navigator.locks
      .request(LOCK, { signal: ended.signal }, () => {
        if (ended.signal.aborted) return; // it was given while it was given up
        const source = new EventSource('/api/live');
        source.addEventListener('change', ({ data }: MessageEvent<string>) =>
          tell({ change: JSON.parse(data) as Change }),
        );
        source.onopen = () => tell({ connected: true });
        source.onerror = () => tell({ connected: false });
        return new Promise<void>((resolve) => {
          ended.signal.addEventListener('abort', () => {
            source.close();
            resolve();
          });
        });
      })
      .catch(() => undefined); // this page went before its turn came
    // A page that is being left must not tell others that its connection broke.
    window.addEventListener('pagehide', () => ended.abort(), { signal: ended.signal });
    return () => {
      ended.abort();
      channel.close();
      clearTimeout(settling);
    };
  }, [client, paused]);
  return { connected, paused, pause };
}
