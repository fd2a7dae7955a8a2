import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UnreadableTable } from '#libs/tables';
import { genericCsv, genericRow, type IncomeRow, shopee, shopeeWallet, tiktok, workbook } from './samples.ts';
import { type FileItem, type ReportedRow, readSettlementFile } from './settlement-file.ts';

/** MUTATIONS=10000 for more of them. */
const MUTATIONS = Number(process.env.MUTATIONS ?? 2_000);

async function read(file: Buffer): Promise<FileItem[]> {
  const items: FileItem[] = [];
  for await (const item of readSettlementFile(file)) items.push(item);
  return items;
}
const rowsOf = (items: readonly FileItem[]): ReportedRow[] =>
  items.flatMap((item) => (item.is === 'row' ? [item.row] : []));
const faultsOf = (items: readonly FileItem[]): string[] =>
  items.flatMap((item) =>
    item.is === 'refused'
      ? item.refused.faults.map(({ column = '*', code }) => `${item.refused.line} ${column} ${code}`)
      : [],
  );
const controlsOf = (items: readonly FileItem[]) => items.flatMap((item) => (item.is === 'control' ? [item.total] : []));
const skippedOf = (items: readonly FileItem[]) => items.flatMap((item) => (item.is === 'skipped' ? [item.as] : []));

describe('a generic report', () => {
  it('says what each row settles; days are of WIB', async () => {
    const [row] = rowsOf(await read(genericCsv([genericRow('A-1')])));
    expect(row).toEqual({
      ...{ sheet: undefined, line: 2, orderRef: 'A-1', type: 'order', called: 'order', store: null },
      ...{ revenue: 100_001, fee: 13_000, shipping: 0, withheldTax: 0, paidOut: 87_001, settles: 'all' },
      ...{ bank: 'shopee-wallet', settledAt: '2026-03-05T17:00:00.000Z', settlementRef: 'order 2026-03-06 87001' },
    });
  });

  it('refuses rows that do not add up, and says which cells are wrong', async () => {
    const faulty = [
      ['A-1', 'order', '2026-03-06', 100_000, 13_000, 0, 0, 86_999, 'all', 'bri'],
      ['A-2', 'order', '2026-02-30', '1.5', 0, 0, 0, 'USD 5', 'some', 'B R I'],
      ['', 'order', '2026-03-06', 0, 0, 0, 0, 0, 'all', ''],
      ['1.23457E+18', 'order', '2026-03-06', '-', '/', '', 0, 0, 'all', ''],
    ];
    expect(faultsOf(await read(genericCsv(faulty)))).toEqual([
      '2 * not-the-sum',
      ...[
        'settled_at not-a-day',
        'revenue not-rupiah',
        'paid_out not-rupiah',
        'settles not-a-choice',
        'bank not-an-id',
      ].map((fault) => `3 ${fault}`),
      '4 order_ref required',
      '5 order_ref digits-lost',
    ]);
  });

  it('tells two rows apart that say the same of one order, day and amount', async () => {
    const rows = rowsOf(await read(genericCsv([genericRow('A'), genericRow('B'), genericRow('A')])));
    expect(rows.map(({ settlementRef }) => settlementRef)).toEqual([
      'order 2026-03-06 87001',
      'order 2026-03-06 87001',
      'order 2026-03-06 87001 2',
    ]);
  });
});

describe('an Income report of Shopee', () => {
  const income: IncomeRow[] = [
    { order: '260306AAAAAAAA' },
    { order: '260306BBBBBBBB', discount: -2_000, unknown: -700, tax: -500 },
    { order: '260306BBBBBBBB', view: 'Sku', net: 0 },
  ];

  it('is read by the names of its columns, an unknown one as a fee', async () => {
    const items = await read(await shopee({ income, total: 87_001 + 83_801, released: 170_802 }));
    expect(faultsOf(items)).toEqual([]);
    expect(rowsOf(items)).toMatchObject([
      {
        sheet: 'Income',
        line: 4,
        orderRef: '260306AAAAAAAA',
        revenue: 100_001,
        fee: 13_000,
        shipping: 0,
        paidOut: 87_001,
      },
      {
        revenue: 98_001,
        fee: 13_700,
        withheldTax: 500,
        paidOut: 83_801,
        settles: 'all',
        settledAt: '2026-03-05T17:00:00.000Z',
      },
    ]);
    expect(skippedOf(items)).toEqual(['no-order', 'total']);
    expect(items).toContainEqual({ is: 'unknown-column', column: 'biaya baru' });
    expect(controlsOf(items)).toEqual([]);
  });

  it('refuses a row whose columns do not make its net', async () => {
    const items = await read(await shopee({ income: [{ order: 'A', net: 87_000 }] }));
    expect(faultsOf(items)).toEqual(['4 * not-the-sum']);
  });

  it('tells that a total row is not the sum of its rows, and that a summary is of more', async () => {
    const some: IncomeRow[] = [{ order: 'A' }, { order: 'B' }];
    expect(controlsOf(await read(await shopee({ income: some, total: 174_001 })))).toEqual([
      { of: 'total-row', said: 174_001, found: 174_002 },
    ]);
    expect(controlsOf(await read(await shopee({ income: some, released: 200_000 })))).toEqual([
      { of: 'summary', said: 200_000, found: 174_002 },
    ]);
  });

  it('has adjustments: of a kind that is known, of no order, and of a kind that nobody guesses', async () => {
    const adjustments = [
      [1, 'A', '2026-03-07', 'Kompensasi Barang Hilang | paket', 97_100],
      [2, 'A', '2026-03-07', 'Pengembalian Dana', -20_000],
      [3, '-', '2026-03-08', 'Iklan | isi saldo', -421_800],
      [4, 'B', '2026-03-08', 'Sesuatu yang Baru', -6_873],
    ];
    const items = await read(await shopee({ income: [{ order: 'A' }], adjustments }));
    expect(rowsOf(items).slice(1)).toMatchObject([
      {
        sheet: 'Adjustment',
        orderRef: 'A',
        type: 'compensation',
        revenue: 97_100,
        fee: 0,
        paidOut: 97_100,
        settles: 'all',
      },
      { orderRef: 'A', type: 'refund', revenue: -20_000, paidOut: -20_000, settles: 'all' },
      { orderRef: null, type: 'cost', called: 'Iklan', revenue: 0, fee: 421_800, paidOut: -421_800, settles: 'part' },
      { orderRef: 'B', type: 'unknown', called: 'Sesuatu yang Baru', paidOut: -6_873 },
    ]);
  });

  it('names its orders as they are, however long their numbers', async () => {
    const items = await read(await shopee({ income: [{ order: '123456789012345678901' }] }));
    expect(rowsOf(items)).toMatchObject([{ orderRef: '123456789012345678901' }]);
  });
});

describe('a report of TikTok Shop and Tokopedia', () => {
  it('has its fees less shipping and tax, and adjustments of its orders', async () => {
    const items = await read(
      await tiktok([
        ['5790001', 'Order', '2026-03-01', '2026/03/06', 'IDR', 78_734, 100_001, -21_267, -19_067, -1_600, -600, 0, ''],
        ['5790002', 'Order', '2026-03-01', '2026/03/06', 'IDR', 87_000, 100_000, -12_000, -12_000, 0, 0, -1_000, ''],
        ['5790003', 'Logistics reimbursement', '', '2026/03/07', 'IDR', 20_000, 0, 0, 0, 0, 0, 20_000, '5790001'],
        ['5790004', 'Order', '2026-03-01', '2026/03/06', 'USD', 5, 5, 0, 0, 0, 0, 0, ''],
        ['5790005', 'Order', '2026-03-01', '2026/03/06', 'IDR', 4.5, 4.5, 0, 0, 0, 0, 0, ''],
        ['5790006', 'Order', '2026-03-01', '2026/03/06', 'IDR', 9, 10, 0, 0, 0, 0, 0, ''],
      ]),
    );
    expect(rowsOf(items)).toMatchObject([
      { orderRef: '5790001', revenue: 100_001, fee: 19_067, shipping: 1_600, withheldTax: 600, paidOut: 78_734 },
      { orderRef: '5790002', revenue: 100_000, fee: 13_000, paidOut: 87_000 },
      { orderRef: '5790001', type: 'compensation', revenue: 20_000, paidOut: 20_000 },
    ]);
    expect(faultsOf(items)).toEqual([
      '5 currency other-currency',
      '6 total settlement amount not-a-whole-number',
      '6 total revenue not-a-whole-number',
      '7 * not-the-sum',
    ]);
  });
});

describe('what went from a wallet to a bank', () => {
  it('is in the report of the wallet of Shopee, beside all else that moved it', async () => {
    const items = await read(
      await shopeeWallet([
        [
          '2026-03-08 10:20:30',
          'Penarikan Dana',
          'ke rekening',
          '-',
          'Transaksi Keluar',
          -500_000,
          'Transaksi Selesai',
          0,
        ],
        [
          '2026-03-08 09:00:00',
          'Penghasilan dari Pesanan',
          '',
          '260306A',
          'Transaksi Masuk',
          87_001,
          'Transaksi Selesai',
          0,
        ],
        ['2026-03-09 09:00:00', 'Penarikan Dana', '', '-', 'Transaksi Keluar', -9_000, 'Diproses', 0],
        ['2026-03-09 10:00:00', 'Penarikan Dana', '', '-', 'Transaksi Masuk', 9_000, 'Transaksi Selesai', 0],
      ]),
    );
    expect(rowsOf(items)).toMatchObject([
      {
        ...{
          orderRef: null,
          type: 'withdrawal',
          called: 'Penarikan Dana 03:20:30',
          revenue: 500_000,
          paidOut: 500_000,
        },
        ...{ settledAt: '2026-03-08T03:20:30.000Z', settlementRef: 'Penarikan Dana 03:20:30 2026-03-08 500000' },
      },
    ]);
    expect(skippedOf(items)).toEqual(['elsewhere', 'not-done']);
    expect(faultsOf(items)).toEqual(['6 jumlah not-withdrawn']);
  });

  it('is in a sheet of its own of TikTok Shop, each by its number', async () => {
    const items = await read(
      await tiktok(
        [['5790001', 'Order', '', '2026/03/06', 'IDR', 87_001, 100_001, -13_000, 0, 0, 0, 0, '']],
        [
          ['Withdrawal', '3461', '2026/03/08', -80_000, 'Transferred', '2026/03/09', '***1234'],
          ['Withdrawal', '3462', '2026/03/08', -80_000, 'Transferred', '2026/03/09', '***1234'],
          ['Withdrawal', '3463', '2026/03/10', -7_001, 'Processing', '/', '***1234'],
          ['Earnings', '3464', '2026/03/06', 87_001, 'Transferred', '2026/03/06', ''],
        ],
      ),
    );
    expect(rowsOf(items)).toMatchObject([
      { type: 'order', orderRef: '5790001' },
      { type: 'withdrawal', paidOut: 80_000, settlementRef: 'Withdrawal 3461 2026-03-09 80000' },
      { type: 'withdrawal', paidOut: 80_000, settlementRef: 'Withdrawal 3462 2026-03-09 80000' },
    ]);
    expect(skippedOf(items)).toEqual(['not-done', 'elsewhere']);
  });

  it('is a row of ours; what does not leave the wallet is none', async () => {
    const row = ['', 'withdrawal', '2026-03-08', 500, 0, 0, 0, 500, 'part', 'bri'];
    const items = await read(genericCsv([row, ['', 'withdrawal', '2026-03-08', -5, 0, 0, 0, -5, 'part', 'bri']]));
    expect(rowsOf(items)).toMatchObject([{ type: 'withdrawal', paidOut: 500, bank: 'bri', orderRef: null }]);
    expect(faultsOf(items)).toEqual(['3 paid_out not-withdrawn']);
  });
});

it('a file without a report in it is none', async () => {
  await expect(read(Buffer.from('a,b\n1,2\n'))).rejects.toThrow(UnreadableTable);
  await expect(read(await workbook({ Lain: [['a', 'b']] }))).rejects.toThrow(UnreadableTable);
});

it(
  'whatever has happened to a file, it is read or said to be unreadable, and no row says what does not add up',
  async () => {
    const samples = [
      genericCsv([genericRow('A'), genericRow('B')], ',reason'),
      await shopee({ income: [{ order: 'A' }, { order: 'B' }], total: 174_002 }),
      await tiktok([['5790001', 'Order', '', '2026/03/06', 'IDR', 87_001, 100_001, -13_000, 0, 0, 0, 0, '']]),
    ];
    const mutated = fc.record({
      sample: fc.constantFrom(...samples),
      cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 }),
      bytes: fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255)), { maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(mutated, async ({ sample, cut, bytes }) => {
        const file = Buffer.from(sample.subarray(0, cut === null ? sample.length : Math.floor(cut * sample.length)));
        for (const [at, byte] of bytes) if (file.length > 0) file[Math.floor(at * file.length)] = byte;
        const items = await read(file).catch((error: unknown) => {
          if (error instanceof UnreadableTable) return [];
          throw error;
        });
        for (const { revenue, fee, shipping, withheldTax, paidOut } of rowsOf(items)) {
          expect(revenue).toBe(fee + shipping + withheldTax + paidOut);
        }
      }),
      { numRuns: MUTATIONS },
    );
  },
  60_000 + MUTATIONS * 20,
);
