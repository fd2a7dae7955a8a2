import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import exceljs from 'exceljs';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';

let ledger: TestedLedger;

/** In January F1 sells 200,000 and gives 50,000 of it back; F2 sells from a lot without contributions. In February, more. */
beforeAll(async () => {
  ledger = await startLedger();
  const noContributions = [
    { lotId: '=SUM(L9)', quantity: 1, unitCost: 20_000, measure: 'hours' as const, contributions: [] },
  ];
  await ledger.sell({ orderRef: 'A', lines: [{ unitPrice: 150_000 }, { unitPrice: 50_000 }] });
  await ledger.refund({ orderRef: 'A', lineRef: '2', amount: 50_000 });
  await ledger.sell({ orderRef: 'B', facilityId: 'F2', lines: [{ unitPrice: 120_000, portions: noContributions }] });
  await ledger.sell({ orderRef: 'C', placedAt: '2026-02-10T03:00:00Z', lines: [{ unitPrice: 80_000 }] });
});
afterAll(() => ledger.close());

const rowsOf = async (path: string) => (await ledger.get(`reports/${path}`)).rows;

describe('a report', () => {
  it('trial balance: every account, and both sides are the same', async () => {
    const { rows, totals } = await ledger.get('reports/trial-balance');
    expect(rows).toContainEqual({
      account: 'maker:M1:wages-pending',
      class: 'liability',
      facilityId: null,
      debit: 0,
      credit: 115_000,
    });
    expect(totals).toEqual({ debit: 350_000, credit: 350_000 });
    expect((await ledger.get('reports/trial-balance?to=2026-01-31')).totals).toEqual({
      debit: 270_000,
      credit: 270_000,
    });
  });

  it('facility earnings', async () => {
    const none = { paidOut: 0, other: 0 };
    expect(await rowsOf('facility-earnings?month=2026-01')).toEqual([
      { facilityId: 'F1', earned: 70_000, refunded: -17_500, balance: 52_500, costRecovery: 0, ...none },
      { facilityId: 'F2', earned: 35_000, refunded: 0, balance: 35_000, costRecovery: 20_000, ...none },
    ]);
  });

  it('PNBP opens with what was before', async () => {
    expect(await rowsOf('pnbp?month=2026-02&facilityId=F1')).toEqual([
      { facilityId: 'F1', opening: 22_500, owed: 12_000, refunded: 0, deposited: 0, closing: 34_500 },
    ]);
  });

  it('premi list of a facility and month', async () => {
    expect(await ledger.get('reports/premi?month=2026-01&facilityId=F1')).toMatchObject({
      title: 'Daftar premi',
      month: '2026-01',
      rows: [{ makerId: 'M1', lines: 2, credited: 100_000, refunded: -25_000, premi: 75_000 }],
      totals: { premi: 75_000 },
    });
    expect(await ledger.get('reports/premi')).toMatchObject({
      status: 400,
      errors: [{ field: 'facilityId' }, { field: 'month' }],
    });
  });

  it('sales, PNBP and premi by facility and year add up to what was sold', async () => {
    const rows = await rowsOf('units?year=2026');
    expect(rows[0]).toMatchObject({
      year: '2026',
      facilityId: 'F1',
      sales: 2,
      sold: 280_000,
      refunded: -50_000,
      premi: 115_000,
    });
    for (const { sold, refunded, costs, premi, facility, pnbp, beneficiaries, suspense } of rows) {
      expect(costs + premi + facility + pnbp + beneficiaries + suspense).toBe(sold + refunded);
    }
  });

  it('receivables', async () => {
    expect(await rowsOf('receivables')).toEqual([
      { account: 'channel:blanja:receivable@F1', facilityId: 'F1', balance: 230_000, lastPostedOn: '2026-02-10' },
      { account: 'channel:blanja:receivable@F2', facilityId: 'F2', balance: 120_000, lastPostedOn: '2026-01-05' },
    ]);
  });

  it('suspense: which lots of which sales', async () => {
    expect(await rowsOf('suspense')).toEqual([
      {
        facilityId: 'F2',
        postedOn: '2026-01-05',
        saleId: 'blanja/B@F2',
        lineRef: '1',
        lotId: '=SUM(L9)',
        held: 50_000,
      },
    ]);
  });

  it('has a list, and no others', async () => {
    const { items } = await ledger.get('reports');
    expect(items).toContainEqual({
      name: 'premi',
      title: { id: 'Daftar premi', en: 'Premi list' },
      needs: ['facilityId', 'month'],
    });
    for (const { name } of items) {
      expect(await ledger.get(`reports/${name}?facilityId=F3&month=2020-01`)).toMatchObject({ report: name, rows: [] });
    }
    expect(await ledger.get('reports/toString')).toMatchObject({ status: 404 });
    expect(await ledger.get('reports/pnbp?month=2026-13')).toMatchObject({ status: 400 });
  });
});

describe('a format', () => {
  const path = 'reports/premi?month=2026-01&facilityId=F1&language=en';

  it('CSV has a header and a record for each row', async () => {
    const response = await ledger.fetch(`${path}&format=csv`);
    expect(response.headers.get('content-type')).toContain('text/csv');
    expect(response.headers.get('content-disposition')).toContain('premi-F1-2026-01.csv');
    expect(await response.text()).toBe(
      'Maker,Order lines,Premi of sales,Refunds,Premi of the month\nM1,2,100000,-25000,75000\n',
    );
  });

  it('has no text that a spreadsheet computes, and numbers that are numbers', async () => {
    const csv = await (await ledger.fetch('reports/suspense?format=csv')).text();
    expect(csv.split('\n')[1]).toBe("F2,2026-01-05,blanja/B@F2,1,'=SUM(L9),50000");
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.load(await (await ledger.fetch('reports/suspense?format=xlsx')).arrayBuffer());
    const cells = workbook.worksheets[0]?.getRow(5).values;
    expect(Object.values(cells ?? []).slice(-2)).toEqual(["'=SUM(L9)", 50_000]);
  });

  it('XLSX has headings, numbers, totals and lines to sign on', async () => {
    const response = await ledger.fetch(`${path}&format=xlsx`);
    expect(response.headers.get('content-type')).toContain('spreadsheetml');
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.load(await response.arrayBuffer());
    const rows: unknown[][] = [];
    workbook.worksheets[0]?.eachRow((row) => rows.push((row.values as unknown[]).slice(1)));
    expect(rows).toEqual([
      ['Premi list'],
      ['F1 · 2026-01', 'IDR'],
      ['Maker', 'Order lines', 'Premi of sales', 'Refunds', 'Premi of the month', 'Signature'],
      ['M1', 2, 100_000, -25_000, 75_000],
      ['Total', 2, 100_000, -25_000, 75_000],
      ['Prepared by (treasurer): ______________________________'],
      ['Approved by (head of facility): ______________________________'],
    ]);
  });

  it('PDF has as many pages as it needs', async () => {
    const response = await ledger.fetch(`${path}&format=pdf`);
    expect(response.headers.get('content-type')).toContain('application/pdf');
    expect(pagesOf(await response.arrayBuffer())).toBe(1);
    const lines = Array.from({ length: 70 }, (_, index) => {
      const contributions = [{ makerId: `M${index}`, weight: '1' }];
      return { portions: [{ lotId: 'L1', quantity: 1, unitCost: 0, measure: 'hours' as const, contributions }] };
    });
    await ledger.sell({ orderRef: 'D', placedAt: '2026-03-10T03:00:00Z', lines });
    const many = await ledger.fetch('reports/premi?month=2026-03&facilityId=F1&format=pdf');
    expect(pagesOf(await many.arrayBuffer())).toBe(5);
  });

  it('one paper or workbook is made at a time, whatever it is of', async () => {
    const statement = 'makers/M1/statement?to=2026-01-31&format=pdf';
    const costly = Array.from({ length: 4 }, () => [`${path}&format=pdf`, `${path}&format=xlsx`, statement]).flat();
    const light = Array.from({ length: 4 }, () => [`${path}&format=csv`, 'reports/trial-balance']).flat();
    const ask = async (paths: string[]) => {
      const answers = await Promise.all(paths.map((each) => ledger.fetch(each)));
      return Promise.all(answers.map(async (answer) => ({ answer, bytes: await answer.arrayBuffer() })));
    };
    const [papers, others] = await Promise.all([ask(costly), ask(light)]);
    const refused = papers.filter(({ answer }) => answer.status === 429);
    expect(new Set(papers.map(({ answer }) => answer.status))).toEqual(new Set([200, 429]));
    for (const { answer } of refused) expect(answer.headers.get('retry-after')).toBe('5');
    expect(new Set(others.map(({ answer }) => answer.status))).toEqual(new Set([200]));
    for (const each of [...new Set(costly), ...new Set(costly)])
      expect([each, (await ask([each]))[0]?.answer.status]).toEqual([each, 200]);
  });
});

function pagesOf(pdf: ArrayBuffer): number {
  const text = Buffer.from(pdf).toString('latin1');
  expect(text).toMatch(/^%PDF-1\.7/);
  expect(text.trimEnd()).toMatch(/%%EOF$/);
  return text.match(/\/Type \/Page\b/g)?.length ?? 0;
}
