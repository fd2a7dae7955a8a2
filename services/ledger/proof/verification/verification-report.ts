import { fingerprint } from '../seals/seal.ts';
import type { Outside } from './outside.ts';
import type { Fault } from './verification.ts';

/** How far a verification has come: rows that were checked. */
export interface Checked {
  journals: number;
  /** Sales and refunds that were computed again. */
  explained: number;
  entries: number;
  accounts: number;
  saleLines: number;
  seals: number;
}

/** A key whose signatures count, and where it is from. */
interface Trusted {
  /** Its fingerprint. */
  readonly key: string;
  readonly source: string;
}

/**
 * What a verification tells, line by line: first whose signatures it trusts, and with what that was kept elsewhere it
 * compares; faults as they are found; at the end whether there were any.
 */
export type ReportLine =
  | Grounds
  | { readonly progress: Checked }
  | { readonly fault: Fault }
  | { readonly result: { readonly sound: boolean; readonly checked: Checked; readonly seconds: number } };

/** Whose signatures a verification trusts, and with what that was kept elsewhere it compares. */
interface Grounds {
  readonly trusted: readonly Trusted[];
  readonly kept: readonly string[];
}

export function groundsOf(outside: Outside): Grounds {
  const trusted = [...outside.trusted].map(([key, source]) => ({ key: fingerprint(key), source }));
  return { trusted, kept: [...new Set(outside.kept.map(({ source }) => source))] };
}

/** What a verification has told so far, in one. */
export interface Report extends Grounds {
  checked: Checked;
  readonly faults: Fault[];
  /** How long it took; null: it is not at its end. */
  seconds: number | null;
}

export const nothingChecked = (): Checked => ({
  journals: 0,
  explained: 0,
  entries: 0,
  accounts: 0,
  saleLines: 0,
  seals: 0,
});

const FAULTS_MAX = 100;
const PROGRESS_EVERY_MS = 2_000;

/**
 * @param verify yields faults and keeps `checked` up to date
 * @returns whether the books are sound; after 100 faults it has seen enough
 */
export async function reportOf(
  outside: Outside,
  verify: (checked: Checked) => AsyncIterable<Fault>,
  tell: (line: ReportLine) => void,
): Promise<boolean> {
  const startedAt = Date.now();
  tell(groundsOf(outside));
  const checked = nothingChecked();
  const progress = setInterval(() => tell({ progress: { ...checked } }), PROGRESS_EVERY_MS);
  let faults = 0;
  try {
    for await (const fault of verify(checked)) {
      tell({ fault });
      faults += 1;
      if (faults === FAULTS_MAX) break;
    }
  } finally {
    clearInterval(progress);
  }
  tell({ result: { sound: faults === 0, checked, seconds: (Date.now() - startedAt) / 1000 } });
  return faults === 0;
}

/** A line for people. */
export function textOf(line: ReportLine): string {
  if ('trusted' in line) {
    const trusted = line.trusted.map(({ key, source }) => `Trusted: the key ${key}, of ${source}`);
    const kept = line.kept.map((source) => `Compared with what was kept elsewhere: ${source}`);
    const noKey = 'TRUSTED: NO KEY. Whoever hashes and signs all anew with another key is not found: give --key FILE';
    return [...(trusted.length > 0 ? trusted : [noKey]), ...kept].join('\n');
  }
  if ('fault' in line) return `WRONG  ${line.fault.table} ${line.fault.row}: ${line.fault.says}`;
  const checked = Object.entries('progress' in line ? line.progress : line.result.checked)
    .map(([what, count]) => `${count.toLocaleString('en')} ${what === 'saleLines' ? 'sale lines' : what}`)
    .join(', ');
  if ('progress' in line) return `so far ${checked}`;
  const verdict = line.result.sound ? 'The books are sound' : 'THE BOOKS ARE NOT SOUND';
  return `${verdict}: ${checked} checked in ${line.result.seconds.toFixed(1)} s`;
}
