/** What each reader comes for, and how many presses and entries that takes: counted in the page, while journeys are made. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import type { Visitor } from './browser.ts';

const INTERACTIONS_MAX = 12;

interface Task {
  readonly id: string;
  readonly en: string;
}

const TASKS = {
  lot: {
    id: 'petugas: mencatat lot dengan tiga pembuat',
    en: 'officer: record a lot with three makers',
  },
  payout: { id: 'bendahara: mengusulkan pembayaran', en: 'treasurer: propose a payout' },
  list: { id: 'bendahara: mencetak daftar premi', en: 'treasurer: print the premi list' },
  receipt: { id: 'bendahara: memasukkan NTPN', en: 'treasurer: enter an NTPN' },
  decision: { id: 'penyetuju: menolak satu usulan dengan alasan', en: 'approver: reject a proposal with a reason' },
  verification: { id: 'auditor: memverifikasi buku', en: 'auditor: verify the books' },
  reason: { id: 'siapa pun: dari sebuah angka ke sebabnya', en: 'anybody: from a figure to its reason' },
  unit: { id: 'kanwil: membuka satuan kerja yang terlambat', en: 'regional office: open the facility that is late' },
  year: { id: 'Ditjenpas: mengunduh setahun', en: 'Directorate: download a year' },
  money: { id: 'pembuat: melihat uangnya dan sebabnya', en: 'maker: see the money and its reason' },
  field: { id: 'integrator: menemukan kolom yang salah', en: 'integrator: find the field at fault' },
  redrive: { id: 'operator: memproses lagi dengan alasan', en: 'operator: redrive with a reason' },
} as const satisfies Record<string, Task>;

const counted = new Map<keyof typeof TASKS, number>();

/** Says what somebody has done since the visit began, or since it was last asked. */
export async function took(task: keyof typeof TASKS, visitor: Visitor): Promise<void> {
  counted.set(task, await visitor.interactions());
}

const GUIDES = {
  id: { file: 'docs/USER-GUIDE.id.md', heading: '| tugas, dari layar awal | tekan dan isi |' },
  en: { file: 'docs/USER-GUIDE.en.md', heading: '| task, from where one begins | presses and entries |' },
} as const;
const [START, END] = ['<!-- tasks: made by test/browser/tasks.ts -->', '<!-- end of tasks -->'];

export function tasks(): void {
  it('what each reader comes for takes at most 12 presses and entries, as many as the guides say', () => {
    expect([...counted.keys()].sort()).toEqual(Object.keys(TASKS).sort());
    expect(Math.max(...counted.values())).toBeLessThanOrEqual(INTERACTIONS_MAX);
    expect(Math.min(...counted.values())).toBeGreaterThan(0);
    for (const language of ['id', 'en'] as const) {
      const { file, heading } = GUIDES[language];
      const rows = Object.entries(TASKS).map(
        ([task, words]) => `| ${words[language]} | ${counted.get(task as never)} |`,
      );
      const table = [START, heading, '|---|---|', ...rows, END].join('\n');
      const guide = readFileSync(file, 'utf8');
      const [before, rest] = [guide.indexOf(START), guide.indexOf(END)];
      expect(rest).toBeGreaterThan(before);
      if (process.env.WRITE_TASKS)
        writeFileSync(file, `${guide.slice(0, before)}${table}${guide.slice(rest + END.length)}`);
      else expect(guide.slice(before, rest + END.length)).toBe(table);
    }
  });
}
