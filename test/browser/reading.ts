/** What people find out: the figures of the demo's sale, and why they are so. */
import { expect, it } from '@jest/globals';
import { checkoutOf, completed } from '../journeys/marketplace.ts';
import { send } from '../journeys/stack.ts';
import { Visitor } from './browser.ts';

export function reading(): void {
  it('an order says what each facility sold of it, and why each rupiah went where it went', async () => {
    const visitor = await Visitor.of('auditor');
    const { page } = visitor;
    await visitor.open('/sales');
    await page.getByRole('link', { name: 'blanja/DEMO-1' }).first().click();
    await visitor.settled();
    expect(await visitor.heading()).toBe('Pesanan blanja/DEMO-1: Rp1.140.000, 2 satuan kerja, sudah dibukukan.');

    await page.getByRole('link', { name: 'Mengapa?' }).first().click();
    await visitor.open('/sales/blanja/DEMO-1/explain?facility=LP-MOJOKERTO');
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
    await visitor.headingHas('3 ayat');
    expect(await visitor.heading()).toBe('3 ayat jurnal: debit Rp0, kredit Rp261.249.');
    const address = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
    const csv = await (await page.request.get(new URL(address ?? '', page.url()).href)).text();
    for (const amount of ['115310', '88284', '57655']) expect(csv).toContain(amount);

    await page.getByRole('button', { name: 'Hapus saringan: Jenis' }).click();
    await page.waitForURL((url) => !url.searchParams.has('kind'));
    await page.goBack();
    await page.waitForURL((url) => url.searchParams.get('kind') === 'sale');
    await visitor.leave();
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
    await directorate.leave();
  });

  it('a maker reads why the money is his, on a screen that says nothing until it is touched and nothing afterwards', async () => {
    const visitor = await Visitor.of('maker', { width: 768 });
    const { page } = visitor;
    await visitor.open('/kiosk');
    expect(await visitor.text()).not.toContain('Rp');
    await page.getByRole('button', { name: 'Lihat uang saya' }).click();
    await visitor.headingHas('belum cair');
    expect(await visitor.heading()).toBe('Rp115.310 belum cair, Rp0 sudah cair.');
    expect(await visitor.text()).toMatch(/32.*72,5/);
    await page.getByRole('button', { name: /Selesai/ }).click();
    await page.getByText('Anda masuk sebagai siapa?').waitFor();
    await page.goBack();
    await page.getByText('Anda masuk sebagai siapa?').waitFor();
    expect(await page.locator('body').textContent()).not.toContain('115.310');
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
  it('a sale appears by itself: figures follow, and the list offers it without moving', async () => {
    const visitor = await Visitor.of('auditor');
    const { page } = visitor;
    await visitor.open('/sales');
    const [first] = await page.locator('tbody tr').allInnerTexts();
    await send(completed(checkoutOf('blanja', [{ sku: 'CKR-KERIPIK-PISANG', quantity: 1, unitPrice: 18_000 }])));
    await page.getByRole('button', { name: '1 baru, tampilkan' }).click();
    await page.getByRole('link', { name: /blanja\/journey-/ }).waitFor();
    expect(first).toContain('blanja/DEMO-1');
    await visitor.leave();
  });
}
