/** A screen's data: sections which the portal's server asks of services, each for itself. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from './api.ts';
import { useLive } from './live.ts';
import type { Problem } from './problem.ts';

export interface Part<Data> {
  readonly state: 'ok' | 'stale' | 'forbidden' | 'unavailable';
  readonly asOf: string | null;
  readonly data: Data | null;
  readonly problem?: Problem;
}

export type Parts<Sections> = { readonly [Name in keyof Sections]: Part<Sections[Name]> };

export type Parameters = Readonly<Record<string, string | undefined>>;

/** Without the feed the screen asks every half minute. */
const POLL_MS = 30_000;

/** @param everyMs how often it is asked again by itself, of what no event tells */
export function useScreen<Sections>(name: string, parameters: Parameters, everyMs?: number) {
  const { connected } = useLive();
  const set = Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const search = new URLSearchParams(set).toString();
  return useQuery({
    queryKey: ['screen', name, search],
    queryFn: ({ signal }) =>
      get<{ sections: Parts<Sections> }>(`/api/screens/${name}${search && `?${search}`}`, signal),
    placeholderData: keepPreviousData, // a filter changes what stands there, and does not empty it first
    refetchInterval: everyMs ?? (connected ? false : POLL_MS),
  });
}

export type Screen<Sections> = ReturnType<typeof useScreen<Sections>>;

/** What a section told last, also while it does not answer: a form that is written from it stays. */
export function useLast<Data>(part: Part<Data> | undefined): Data | undefined {
  const told = part?.data ?? undefined;
  const [last, keep] = useState(told);
  if (told !== undefined && told !== last) keep(told);
  return told ?? last;
}

/** There is none, or it is another's: who asks does not learn which. */
export function isNothing(part: Part<unknown> | undefined): boolean {
  return part?.state === 'forbidden' || part?.problem?.status === 404;
}
