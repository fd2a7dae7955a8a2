/** How the books are kept whole: months closed by two, verified while one looks elsewhere, goods recorded from files. */
import { expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import { Visitor } from './browser.ts';
import { took } from './tasks.ts';

const HEADER = ['lot_id', 'sku', 'facility_id', 'quantity', 'unit_cost', 'made_on'];
const LOT = ['BARU-1', 'MJK-TAS-KULIT', 'LP-MOJOKERTO', 10, 182_000, '2026-01-12'];

async function workbook(...rows: (string | number)[][]): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const book = new ExcelJS.Workbook();
  book.addWorksheet('lots').addRows([HEADER, ...rows]);
  const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  return { name: 'lots November.xlsx', mimeType, buffer: Buffer.from(await book.xlsx.writeBuffer()) };
}

export function keeping(): void {
  it('a workbook with three faults is refused with each of them by row; corrected, it is looked at row by row and taken', async () => {
    const officer = await Visitor.of('officer');
    const { page } = officer;
    await officer.open('/lots');
    await page.getByRole('link', { name: 'Impor CSV atau XLSX' }).click();
    const faulty = await workbook(
      ['BARU-1', 'MJK-TAS-KULIT', 'LP-MOJOKERTO', 'sepuluh', 182_000, '2026-01-12'],
      ['BARU-2', 'TIDAK-ADA', 'LP-MOJOKERTO', 10, 182_000, '2026-01-12'],
      ['BARU-3', 'MJK-TAS-KULIT', 'LP-MOJOKERTO', 10, 182_000, '2026-02-30'],
    );
    await page.getByLabel('Berkas CSV atau XLSX').setInputFiles(faulty);
    await page.getByRole('button', { name: 'Periksa' }).click();
    await officer.headingHas('3 kesalahan dalam berkas; tidak ada yang berubah.');
    const rows = await page.locator('main tbody tr').allInnerTexts();
    expect(rows.map((row) => row.replace(/\s+/g, ' '))).toEqual([
      expect.stringMatching(/lots\.xlsx 2 quantity .*sepuluh/),
      expect.stringMatching(/lots\.xlsx 3 sku .*TIDAK-ADA/),
      expect.stringMatching(/lots\.xlsx 4 made_on .*2026-02-30/),
    ]);

    await page.getByLabel('Berkas CSV atau XLSX').setInputFiles(await workbook(LOT, ['BARU-2', ...LOT.slice(1)]));
    await page.getByRole('button', { name: 'Periksa' }).click();
    await officer.headingHas('2 baris akan dicatat.');
    expect(await officer.text()).toMatch(/lots\.csv: 2 baru, 0 berubah, 0 sudah tercatat/);
    await officer.does('Impor 2 baris');
    await page.waitForURL((url) => url.pathname === '/lots');
    await officer.settled();
    await page.getByRole('row', { name: /BARU-2.*belum tercatat/ }).waitFor();
    await page.getByRole('link', { name: /\d lot belum tercatat pembuatnya\./ }).waitFor();

    await page
      .getByRole('row', { name: /BARU-1/ })
      .getByRole('link', { name: 'Catat pembuat' })
      .click();
    await officer.headingHas('Siapa yang membuat lot BARU-1?');
    await page.getByLabel(/M-MJK-04/).fill('7,5');
    await officer.does('Simpan');
    await officer.settled();
    await page.getByRole('row', { name: /BARU-1.*M-MJK-04.*7,5 jam/ }).waitFor();
    await officer.leave();
  });

  it('a month is closed by two persons; who asked for it cannot agree', async () => {
    const drafter = await Visitor.of('national-drafter');
    await drafter.open('/months');
    const month = (await drafter.heading()).replace(/ (siap|dapat|belum) .*/, '');
    await drafter.page.getByRole('button', { name: `Minta tutup ${month}` }).click();
    const dialog = drafter.page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('Semua sudah diperiksa');
    await dialog.getByRole('button', { name: `Minta tutup ${month}` }).click();
    await drafter.page.getByText('menunggu', { exact: true }).first().waitFor();
    await drafter.page.getByText(/Dapat disetujui sampai \d.* \(7\d jam lagi\)/).waitFor();
    expect(await drafter.faults()).toEqual([]);
    expect(await drafter.page.getByRole('button', { name: /Setujui/ }).count()).toBe(0);

    const approver = await Visitor.of('national-approver');
    await approver.open('/months');
    await approver.does('Setujui');
    await approver.headingHas(`${month} sudah ditutup.`);
    await approver.leave();
    await drafter.headingHas(`${month} sudah ditutup.`);
    await drafter.leave();
  });

  it('an auditor has the books verified, looks elsewhere meanwhile, and finds no other button', async () => {
    const auditor = await Visitor.of('auditor');
    const { page } = auditor;
    await auditor.settled();
    await auditor.does('Verifikasi buku');
    await took('verification', auditor);
    await page.getByRole('link', { name: 'Laporan' }).click();
    await auditor.settled();
    await page.getByRole('link', { name: 'Audit' }).click();
    await auditor.headingHas('Buku utuh: diverifikasi');
    expect(await auditor.text()).toMatch(/Siapa membaca uang pembuat siapa.* rekening koran M-MJK-0/);
    const buttons = await page.getByRole('main').getByRole('button').allInnerTexts();
    expect(buttons.filter((name) => !/Sebelumnya|Berikutnya|Unduh/.test(name))).toEqual(['Verifikasi buku']);
    await auditor.leave();
  });
}
