import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { postEveryKind } from '../../../../test/kit/every-kind.ts';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';

let ledger: TestedLedger;
beforeAll(async () => {
  ledger = await startLedger();
  await postEveryKind(ledger);
});
afterAll(() => ledger.close());

interface Explained {
  readonly entry: {
    readonly account: string;
    readonly amount: number;
    readonly kind: string;
    readonly sourceReference: string;
  };
  readonly recomputed: number | null;
  readonly matches: boolean;
  readonly sentence: { readonly en: string; readonly id: string };
  // biome-ignore lint/suspicious/noExplicitAny: what is tested
  readonly cause?: any;
}

async function explanations(): Promise<Explained[]> {
  const { items } = await ledger.get('accounts?limit=1000');
  const all: Explained[] = [];
  for (const { code, entries } of items) {
    for (let version = 1; version <= entries; version += 1) {
      all.push(await ledger.get(`entries/${encodeURIComponent(code)}/${version}/explanation`));
    }
  }
  return all;
}

let all: Explained[];

it('every entry of every kind of journal explains itself as it is posted', async () => {
  all = await explanations();
  const [counted] = await ledger.database.query<{ entries: number }>('SELECT count(*) AS entries FROM entry');
  expect(all).toHaveLength(counted?.entries ?? 0);
  expect(all.filter(({ matches, entry, recomputed }) => !matches || entry.amount !== recomputed)).toEqual([]);
  for (const { sentence } of all) {
    expect(sentence.en).not.toMatch(/undefined|NaN|null|\[object|: \.$/);
    expect(sentence.id).not.toMatch(/undefined|NaN|null|\[object|: \.$/);
  }
  const kinds = await ledger.database.query<{ kind: string }>(
    'SELECT DISTINCT kind FROM journal JOIN entry USING (journal_id)',
  );
  expect(new Set(all.map(({ entry }) => entry.kind))).toEqual(new Set(kinds.map(({ kind }) => kind)));
  expect(kinds).toHaveLength(20); // the others move nothing
});

const settled = 'because settlement blanja/fees~S1 paid out what blanja held for sale blanja/fees@F1';
const cleared = 'because the money of sale blanja/two@F1 became available with settlement blanja/two~S1';

it.each<[account: string, reference: string, sentence: string]>([
  [
    'bank:bri@F1',
    'settlement blanja/fees~S1@F1',
    `The money of F1 at bank bri grows by Rp303,750 ${settled}: Rp333,000 held, less fee Rp16,750, shipping Rp11,000 and withheld income tax Rp1,500.`,
  ],
  [
    'channel:blanja:variance@F1',
    'settlement blanja/fees~S1@F1',
    `The variance of blanja at F1 grows by Rp750 ${settled}: Rp27,750 of fee and shipping was kept, Rp27,000 was expected.`,
  ],
  [
    'channel:blanja:variance@F1',
    'difference adjustment/ID',
    'The variance of blanja at F1 grows by Rp5,500 because what settlement blanja/less~S1 left of sale blanja/less@F1 was accepted (“a voucher that was not told”, drafted by p1, approved by p2): Rp6,000 was left of what it held, and Rp500 of fee and shipping was still expected.',
  ],
  [
    'channel:blanja:receivable@F1',
    'settlement blanja/less~S1@F1',
    'What blanja holds for F1 falls by Rp94,000 because settlement blanja/less~S1 paid out what blanja held for sale blanja/less@F1: Rp94,000 of the Rp100,000 that it held.',
  ],
  [
    'channel:blanja:variance@F1',
    'difference blanja/parts/1#R5',
    'The variance of blanja at F1 grows by Rp2,900 because after refund blanja/parts/1#R5 settlement blanja/parts~S1 of sale blanja/parts@F1 agrees with the books: Rp0 was left of what it held, and Rp2,900 of fee and shipping was still to be given back.',
  ],
  [
    'maker:M1:receivable',
    'release blanja/two@F1',
    `What M1 has to give back falls by Rp30,000 ${cleared}: 50% of Rp60,001 is Rp30,000 (rounded down from 30,000.5), which is the most that is recovered at once; Rp100,000 was to be given back, so Rp30,000 is.`,
  ],
  [
    'maker:M1:wages',
    'release blanja/two@F1',
    `M1’s premi (available) grows by Rp30,001 ${cleared}: Rp60,001 released, less Rp30,000 recovered of what was to be given back.`,
  ],
  [
    'maker:M1:wages-pending',
    'contribution adjustment/ID/blanja/G10@F1/1',
    'M1’s premi (pending) grows by Rp44,444 because the makers of lot L9, sold by order blanja/G10, line 1, were recorded (“the list was found”, drafted by p1, approved by p2): M1’s 2 of 3 of Rp100,001 is Rp66,667 (rounded down from 66,667.33…), less Rp22,223 that earlier refunds had taken of it.',
  ],
  [
    'maker:M1:wages-pending',
    'refund blanja/G10/1#R3',
    'M1’s premi (pending) falls by Rp33,333 because refund R3 gave Rp150,000 of order blanja/G10, line 1, back to the buyer: lot L9: of Rp66,667 credited, 83,334/100,001 is due back in all, Rp55,556 (rounded up from 55,555.72…), of which Rp22,223 was taken back before.',
  ],
  [
    'maker:M1:receivable',
    'refund blanja/one/1#R1',
    'What M1 has to give back grows by Rp100,000 because refund R1 gave Rp200,000 of order blanja/one, line 1, back to the buyer: of Rp100,000 credited, 200,000/200,000 is due back in all, Rp100,000, of which Rp0 was taken back before; of the Rp100,000 due now only Rp0 was still there, so Rp100,000 is owed.',
  ],
  [
    'maker:M4:receivable',
    'refund blanja/own/1#R4',
    'What M4 has to give back grows by Rp24,000 because refund R4 gave Rp100,000 of order blanja/own, line 1, back to the buyer: of Rp24,000 credited, 100,000/100,000 is due back in all, Rp24,000, of which Rp0 was taken back before; of the Rp24,000 due now only Rp0 was still there, so Rp24,000 is owed.',
  ],
  [
    'state:pnbp@F1',
    'deposit ID',
    'State revenue (PNBP) owed by F1 falls by Rp20,000 because Rp20,000 of PNBP was deposited with the state on 2026-01-16: billing code 820260115000001, receipt (NTPN) 0A1B2C3D4E5F6G7H, recorded by p2.',
  ],
  [
    'maker:M7:receivable',
    'write-off adjustment/ID',
    'What M7 has to give back falls by Rp9,000 because of a write-off: “never to be paid”, drafted by p1, approved by p2.',
  ],
  [
    'maker:M1:wages',
    'payout-failed ID',
    'M1’s premi (available) grows by Rp30,001 because bank bri sent back the Rp30,001 of payout ID on 2026-01-14 (no such account), and it is available again.',
  ],
  [
    'channel:blanja:unallocated@unallocated',
    'held blanja/unknown!2',
    'What blanja has in the book unallocated and nobody is credited for grows by Rp70,000 because blanja has Rp70,000 of order blanja/unknown, and nobody can be credited for it yet.',
  ],
  [
    'bank:bri@unallocated',
    'held-cleared blanja/unknown!1',
    'The money of unallocated at bank bri falls by Rp64,500 because what was held of order blanja/unknown is undone: it is known now whose it is, or the buyer has it back.',
  ],
  [
    'facility:F3:earnings',
    'assigned blanja/lost@F3!1',
    'F3’s share (available) grows by Rp65,000 because Rp70,000 settled of order blanja/lost (blanja/lost~S1), which is not there, was given to the facility (“sold before the programme”, drafted by p1, approved by p2).',
  ],
  [
    'channel:blanja:variance@F1',
    'charge blanja/-~Iklan 1',
    'The variance of blanja at F1 grows by Rp21,800 because blanja took Rp21,800, which is of no order (“Iklan”, store bali).',
  ],
  [
    'channel:blanja:unallocated@unallocated',
    'held blanja/-~Iklan 2!1',
    'What blanja has in the book unallocated and nobody is credited for falls by Rp21,800 because blanja took Rp21,800, which is of no order (“Iklan”, store bali), and it is not known which facility bears it.',
  ],
  [
    'bank:bri@unallocated',
    'held-cleared blanja/-~Iklan 2!1',
    'The money of unallocated at bank bri grows by Rp21,800 because what was held of “Iklan” is undone: it is known now which facility bears it.',
  ],
  [
    'facility:F3:earnings',
    'assigned blanja/-~Iklan 3@F3!1',
    'F3’s share (available) falls by Rp21,800 because blanja took Rp21,800, which is of no order (“Iklan”), and it was given to the facility (“the only store of then”, drafted by p1, approved by p2).',
  ],
  [
    'bank:bri@F1',
    'withdrawal blanja/-~Withdrawal 1@F1',
    'The money of F1 at bank bri grows by Rp6,667 because Rp10,000 went from wallet blanja-wallet of blanja to bank bri on 2026-01-09 (blanja/-~Withdrawal 1): of the Rp30,000 in it Rp20,000 were those of F1, and so Rp6,667 (rounded up from 6,666.66…) of that.',
  ],
  [
    'facility:F1:earnings',
    'variance close/2026-01/variance@F1/ID',
    'F1’s share (available) falls by Rp33,750 because 2026-01 was closed, asked for by p1, approved by p2: channels had kept Rp33,750 more than was expected, which the facility bears.',
  ],
])('in a sentence: %s, %s', (account, reference, sentence) => {
  const said = all
    .filter(
      ({ entry }) => entry.account === account && anonymous(`${entry.kind} ${entry.sourceReference}`) === reference,
    )
    .map(({ sentence: { en } }) => anonymous(en));
  expect(said).toContain(sentence);
});

it('says the same in Indonesian', () => {
  const [recovered] = all.filter(({ entry }) => entry.account === 'maker:M1:receivable' && entry.kind === 'release');
  expect(recovered?.sentence.id).toBe(
    'Kewajiban pengembalian M1 berkurang Rp30.000 karena dana penjualan blanja/two@F1 sudah cair dengan pencairan blanja/two~S1: 50% dari Rp60.001 adalah Rp30.000 (dibulatkan ke bawah dari 30.000,5), batas pemotongan sekali cair; yang harus dikembalikan Rp100.000, maka dipotong Rp30.000.',
  );
});

/** Without the ids that are new each time. */
function anonymous(text: string): string {
  return text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');
}
