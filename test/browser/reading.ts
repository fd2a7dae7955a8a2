/** What people find out: the figures of the demo's sale, and why they are so. */
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import { checkoutOf, completed } from '../journeys/marketplace.ts';
import { address, send } from '../journeys/stack.ts';
import { Visitor } from './browser.ts';
import { HOPED_MS, paceOf } from './pace.ts';
import { took } from './tasks.ts';

export function reading(): void {
  it('by keyboard: an order says what each facility sold of it, and why each rupiah went where it went', async () => {
    const visitor = await Visitor.of('auditor', { byKeyboard: true });
    const { page } = visitor;
    await visitor.follows('Penjualan');
    await visitor.presses(page.getByRole('link', { name: 'blanja/DEMO-1' }).first());
    await visitor.settled();
    expect(await visitor.heading()).toBe('Pesanan blanja/DEMO-1: Rp1.140.000, 2 satuan kerja, sudah dibukukan.');

    const mojokerto = page.getByRole('region', { name: 'Lapas Kelas IIB Mojokerto' });
    await visitor.presses(mojokerto.getByRole('link', { name: 'Mengapa?' }));
    await visitor.settled();
    expect(await visitor.focused()).toBe('H1');
    expect(await visitor.heading()).toBe('Ke mana Rp950.000 pergi, dan mengapa.');
    const text = await visitor.text();
    for (const amount of [
      '47.501',
      '20.000',
      '360.000',
      '522.499',
      '261.249',
      '115.310',
      '88.284',
      '57.655',
      '182.875',
      '78.375',
    ]) {
      expect(text).toContain(`Rp${amount}`);
    }
    expect(text).toContain('Dihitung ulang: cocok');
    expect(text).toContain('dibulatkan ke atas dari 78.374,85');

    await visitor.open('/sales/blanja/DEMO-1/explain?facility=BP-MATARAM');
    const mataram = await visitor.text();
    for (const amount of ['22.821', '30.429', '37.275', '15.975']) expect(mataram).toContain(`Rp${amount}`);
    await visitor.leave();
  });

  it('the ledger is asked in a sentence, and its file says the same', async () => {
    const visitor = await Visitor.of('treasurer-1');
    const { page } = visitor;
    await visitor.open('/ledger');
    await page.getByLabel('Satuan kerja').selectOption('LP-MOJOKERTO');
    await page.getByLabel('Milik').selectOption('maker');
    await page.getByLabel('Jenis').selectOption('sale');
    await visitor.headingHas(
      '3 ayat jurnal (Lapas Kelas IIB Mojokerto, pembuat, penjualan): debit Rp0, kredit Rp261.249.',
    );
    const address = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
    const csv = await (await page.request.get(new URL(address ?? '', page.url()).href)).text();
    for (const amount of ['115310', '88284', '57655']) expect(csv).toContain(amount);

    await page.getByRole('button', { name: 'Hapus saringan: Jenis' }).click();
    await page.waitForURL((url) => !url.searchParams.has('kind'));
    await page.goBack();
    await page.waitForURL((url) => url.searchParams.get('kind') === 'sale');

    await visitor.open('/sales');
    const taking = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Unduh semua (CSV)' }).click();
    const sales = readFileSync(await (await taking).path(), 'utf8');
    expect(sales).toMatch(/^\uFEFFsaleId,orderId,.*\r\n.*blanja\/DEMO-1@LP-MOJOKERTO,blanja\/DEMO-1,.*950000/);
    await visitor.leave();
  });

  it('in English: an order, why each rupiah went where it went, and the ledger, whose file says the same', async () => {
    const visitor = await Visitor.of('auditor', { language: 'en' });
    const { page } = visitor;
    await visitor.follows('Sales');
    await visitor.presses(page.getByRole('link', { name: 'blanja/DEMO-1' }).first());
    await visitor.headingHas('Order blanja/DEMO-1: Rp1,140,000, 2 facilities, credited.');
    const mojokerto = page.getByRole('region', { name: 'Lapas Kelas IIB Mojokerto' });
    for (const amount of ['115,310', '88,284', '57,655', '182,875', '78,375'])
      expect(await mojokerto.textContent()).toContain(`Rp${amount}`);
    const mataram = page.getByRole('region', { name: 'Bapas Kelas II Mataram' });
    for (const amount of ['22,821', '30,429', '37,275', '15,975'])
      expect(await mataram.textContent()).toContain(`Rp${amount}`);

    await visitor.presses(mojokerto.getByRole('link', { name: 'Why?' }));
    await visitor.headingHas('Where Rp950,000 went, and why.');
    await visitor.settled();
    const why = await visitor.text();
    for (const amount of ['47,501', '20,000', '360,000', '522,499', '261,249', '182,875', '78,375'])
      expect(why).toContain(`Rp${amount}`);
    for (const words of ['Computed again: matches', 'rounded up from 78,374.85']) expect(why).toContain(words);
    await visitor.open('/sales/blanja/DEMO-1/explain?facility=BP-MATARAM');
    expect(await visitor.heading()).toBe('Where Rp190,000 went, and why.');
    expect(await visitor.text()).toContain('Rp106,500');

    await visitor.follows('Ledger');
    await page.getByLabel('Facility').selectOption('LP-MOJOKERTO');
    await page.getByLabel('Owner').selectOption('maker');
    await page.getByLabel('Kind').selectOption('sale');
    await visitor.headingHas('3 entries (Lapas Kelas IIB Mojokerto, makers, sale): debit Rp0, credit Rp261,249.');
    const address = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
    const csv = await (await page.request.get(new URL(address ?? '', page.url()).href)).text();
    expect(csv.trim().split('\n')).toHaveLength(4);
    for (const amount of ['115310', '88284', '57655']) expect(csv).toContain(amount);
    await visitor.leave();
  });

  it('a figure of a facility leads to its reason in two presses', async () => {
    const visitor = await Visitor.of('treasurer-1');
    const { page } = visitor;
    await visitor.settled();
    await visitor.presses(page.getByRole('definition').getByRole('link', { name: 'Rp261.249' }).first());
    await visitor.headingHas('kredit Rp261.249.');
    await visitor.presses(page.locator('tbody a').first());
    await visitor.headingHas('Mengapa Rp');
    expect(await visitor.text()).toContain('Dihitung ulang: cocok');
    await took('reason', visitor);
    await visitor.leave();
  });

  it('filtering, turning over and explaining answer, and it is told how soon', async () => {
    const auditor = await Visitor.of('auditor');
    const paces = await paceOf(auditor.page, address('portal'));
    expect(paces.map(({ what }) => what)).toEqual(['filter', 'explain']); // the demo's books have one page
    for (const { what, dataMs, paintMs } of paces) {
      expect(Math.min(dataMs, paintMs)).toBeGreaterThan(0);
      console.log(
        `${what}: data after ${dataMs.toFixed(0)} ms of ${HOPED_MS.data}, next paint after ${paintMs.toFixed(0)} of ${HOPED_MS.paint}`,
      );
    }
    await auditor.leave();
  });

  it('the trial balance balances, and a region ranks its facilities', async () => {
    const auditor = await Visitor.of('auditor');
    await auditor.open('/reports');
    expect(await auditor.heading()).toBe('Neraca saldo seimbang: Rp1.140.000 = Rp1.140.000.');
    const paintedAfterMs = await auditor.paintedAfterMs();
    expect(paintedAfterMs).toBeGreaterThan(0);
    console.log(`the reports were painted after ${Math.round(paintedAfterMs)} ms`);
    await auditor.page.emulateMedia({ media: 'print' });
    expect(await auditor.page.getByRole('navigation').first().isVisible()).toBe(false);
    expect(await auditor.page.getByRole('table').first().isVisible()).toBe(true);
    await auditor.leave();
    const directorate = await Visitor.of('directorate', { language: 'en' });
    await directorate.open('/overview');
    expect(await directorate.heading()).toMatch(
      /^2 facilities sold Rp1,140,000 in \d{4}; Rp94,350 of PNBP is not deposited yet\.$/,
    );
    const downloading = directorate.page.waitForEvent('download');
    await directorate.presses(directorate.page.getByRole('link', { name: /^Download \d{4} \(XLSX\)$/ }));
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(await (await downloading).path());
    expect(JSON.stringify(workbook.worksheets[0]?.getSheetValues())).toContain('950000');
    await took('year', directorate);
    await directorate.leave();

    const region = await Visitor.of('region');
    await region.settled();
    const open = region.page.getByRole('table', { name: /PNBP belum disetor/ });
    await region.presses(open.getByRole('link', { name: 'Lapas Kelas IIB Mojokerto' }));
    await region.headingHas('Lapas Kelas IIB Mojokerto menghasilkan Rp182.875');
    await took('unit', region);
    await region.leave();
  });

  it('a maker reads why the money is his, on a screen that says nothing until it is touched and nothing afterwards', async () => {
    const visitor = await Visitor.of('maker', { width: 768 });
    const { page } = visitor;
    await visitor.open('/kiosk');
    expect(await visitor.text()).not.toContain('Rp');
    await page.getByRole('button', { name: 'Lihat uang saya' }).click();
    await visitor.headingHas('belum cair');
    await took('money', visitor);
    expect(await visitor.heading()).toBe('Rp115.310 belum cair, Rp0 sudah cair.');
    expect(await visitor.text()).toMatch(/32.*72,5/);
    const statement = await page.getByRole('link', { name: 'Cetak' }).getAttribute('href');
    const printed = await page.request.get(new URL(statement ?? '', page.url()).href);
    expect(printed.headers()['content-type']).toContain('application/pdf');
    await page.getByRole('button', { name: /Selesai/ }).click();
    await page.getByText('Anda masuk sebagai siapa?').waitFor();
    await page.goBack();
    await page.getByText('Anda masuk sebagai siapa?').waitFor();
    expect(await page.locator('body').textContent()).not.toContain('115.310');
    await visitor.leave();
  });

  it('a kiosk that nobody touches closes after 90 seconds', async () => {
    const visitor = await Visitor.of('maker');
    const { page } = visitor;
    await page.clock.install();
    await visitor.open('/kiosk');
    await page.getByRole('button', { name: 'Lihat uang saya' }).click();
    await visitor.headingHas('belum cair');
    await page.clock.fastForward(80_000);
    await page.getByRole('button', { name: /Selesai \(([0-9]|10)\)/ }).waitFor();
    await page.clock.fastForward(15_000);
    await page.getByText('Anda masuk sebagai siapa?').waitFor();
    await visitor.leave();
  });

  it('what is another facility’s is not there, as what there is not', async () => {
    const visitor = await Visitor.of('treasurer-1');
    await visitor.open(`/entries/${encodeURIComponent('facility:BP-MATARAM:earnings-pending')}/1`);
    const foreign = await visitor.heading();
    await visitor.open('/entries/nothing/1');
    expect(await visitor.heading()).toBe(foreign);
    await visitor.leave();
  });

  it('by keyboard: the focus is on the answer, then on what one may do', async () => {
    const visitor = await Visitor.of('auditor');
    const { page } = visitor;
    await visitor.open('/ledger');
    expect(await visitor.focused()).toBe('H1');
    await page.keyboard.press('Tab');
    expect(await visitor.focused()).toBe('Satuan kerja');
    await page.getByRole('link', { name: 'Laporan' }).focus();
    await page.keyboard.press('Enter');
    await visitor.settled();
    expect(await visitor.focused()).toBe('H1');
    await visitor.leave();
  });
}

/** What is told to who looks, without being asked. */
export function live(): void {
  it('a sale appears by itself: figures and headings follow, and the list offers it without moving', async () => {
    const visitor = await Visitor.of('auditor');
    const { page } = visitor;
    await visitor.open('/sales');
    const [first] = await page.locator('tbody tr').allInnerTexts();
    const directorate = await Visitor.of('directorate');
    await directorate.headingHas('2 satuan kerja menjual Rp1.140.000');
    const crisps = [{ sku: 'CKR-KERIPIK-PISANG', quantity: 1, unitPrice: 18_000 }];
    await send(completed(checkoutOf('blanja', crisps, { placedAt: new Date().toISOString() })));
    await directorate.headingHas('3 satuan kerja menjual Rp1.158.000');
    await directorate.leave();
    await page.getByRole('button', { name: '1 baru, tampilkan' }).click();
    await page.getByRole('link', { name: /blanja\/journey-/ }).waitFor();
    expect(first).toContain('blanja/DEMO-1');
    await visitor.leave();
  });
}
