/** How money goes on from a sale: paid out by its channel, to makers and the state, and what of it comes back. */
import { expect, it } from '@jest/globals';
import { type Order, pathOf, refunded } from '../journeys/marketplace.ts';
import { post, read, send, until } from '../journeys/stack.ts';
import { Visitor } from './browser.ts';

const REPORT = 'order_ref,line_type,settled_at,revenue,fee,shipping,withheld_tax,paid_out,settles,bank';
const DEMO = { channel: 'blanja', orderRef: 'DEMO-1', placedAt: '', lines: [] };

export function paying(): void {
  it('what the channel pays out is proposed, reviewed and approved by three, and what the bank fails to pay is there again', async () => {
    const integrator = await Visitor.of('marketplace');
    await integrator.open('/settlements');
    const today = new Date().toISOString().slice(0, 10);
    const row = `DEMO-1,order,${today},1140000,57001,24000,0,1058999,all,bri`;
    const buffer = Buffer.from(`${REPORT}\n${row}`);
    await integrator.page
      .getByLabel('Berkas CSV atau XLSX')
      .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer });
    await integrator.page.getByRole('button', { name: 'Periksa' }).click();
    await integrator.headingHas('1 baris akan dicatat: Rp1.058.999 dicairkan.');
    await integrator.does('Catat 1 baris');
    await integrator.headingHas('1 baris dicatat: Rp1.058.999 dicairkan.');
    await integrator.leave();

    const treasurer = await Visitor.of('treasurer-1');
    const { page } = treasurer;
    await treasurer.open('/premi');
    await treasurer.headingHas('menunggu Rp261.249');
    await treasurer.open('/');
    expect(await treasurer.text()).toContain('Rp882.499');
    await treasurer.open('/premi');
    await treasurer.does('Usulkan pembayaran');
    await page.waitForURL((url) => url.pathname.startsWith('/payouts/'));
    await treasurer.settled();
    const { pathname } = new URL(page.url());
    for (const amount of ['115.310', '88.284', '57.655']) expect(await treasurer.text()).toContain(`Rp${amount}`);
    expect(await page.getByRole('button', { name: /Setujui/ }).count()).toBe(0);

    const reviewer = await Visitor.of('treasurer-2');
    await reviewer.open(pathname);
    await reviewer.headingHas('membayar Rp261.249 kepada 3 penerima');
    await reviewer.does('Teruskan ke persetujuan');
    await reviewer.headingHas('ditinjau');
    await reviewer.leave();

    const approver = await Visitor.of('approver', { width: 360 });
    await approver.open(pathname);
    await approver.does(/^Setujui Rp/);
    await approver.headingHas('disetujui');
    await approver.leave();

    const payoutId = pathname.replace('/payouts/', '');
    const { items } = await read<{ items: { itemId: string; account: string; status: string }[] }>(
      'ledger',
      `payouts/${payoutId}`,
    );
    for (const { itemId, account, status } of items) {
      if (!['reserved', 'sent'].includes(status)) continue;
      const says = account.includes('M-MJK-03') ? 'fail' : 'pay';
      await until(
        () =>
          post(
            'payments',
            `sandbox/disbursements/${itemId}/${says}`,
            says === 'fail' ? { reason: 'rekening tutup' } : {},
          ),
        (answer) => answer.status === 200,
      );
    }
    const failed = page.getByRole('row', { name: /M-MJK-03/ });
    await failed.getByText('gagal, tersedia lagi').waitFor();
    expect(await failed.textContent()).toContain('rekening tutup');
    await treasurer.open('/premi');
    await treasurer.headingHas('menunggu Rp57.655');
    await treasurer.leave();
  });

  it('what is owed to the state is deposited, by another person than who recorded its billing code', async () => {
    const billed = await Visitor.of('treasurer-2');
    await billed.open('/deposits');
    expect(await billed.heading()).toBe('Lapas Kelas IIB Mojokerto masih harus menyetor PNBP Rp78.375.');
    expect(await billed.page.getByRole('button', { name: 'Masukkan NTPN' }).count()).toBe(0);
    await billed.leave();

    const treasurer = await Visitor.of('treasurer-1');
    await treasurer.open('/deposits');
    await treasurer.page.getByRole('button', { name: 'Masukkan NTPN' }).click();
    await treasurer.page.getByRole('dialog').getByLabel('NTPN', { exact: true }).fill('0A1B2C3D4E5F6G7H');
    await treasurer.page.getByRole('dialog').getByRole('button', { name: 'Masukkan NTPN' }).click();
    await treasurer.headingHas('Lapas Kelas IIB Mojokerto tidak berutang PNBP.');
    await treasurer.leave();
  });

  it('one of two bags is given back: who was paid owes half, who was not has less', async () => {
    await send(refunded(DEMO, '1', 'R1', 1));
    await until(
      () => read<Order>('orders', `orders/${pathOf(DEMO)}`),
      ({ refunds }) => refunds[0]?.status === 'posted',
    );
    const officer = await Visitor.of('officer');
    for (const [maker, owed] of [
      ['M-MJK-01', 'Rp57.655'],
      ['M-MJK-02', 'Rp44.142'],
    ] as const) {
      await officer.open(`/makers/${maker}`);
      expect(await officer.figure('Harus dikembalikan')).toBe(owed);
    }
    await officer.open('/makers/M-MJK-03');
    expect([await officer.figure('Sudah cair'), await officer.figure('Harus dikembalikan')]).toEqual([
      'Rp28.828',
      'Rp0',
    ]);
    await officer.leave();

    const auditor = await Visitor.of('auditor');
    await auditor.open('/ledger?facility=LP-MOJOKERTO&kind=refund');
    const told = await auditor.text();
    for (const amount of ['91.438', '39.188', '57.655', '44.142', '28.827']) expect(told).toContain(`Rp${amount}`);
    await auditor.leave();

    const directorate = await Visitor.of('directorate');
    await directorate.open('/overview');
    expect(await directorate.text()).toContain('Rp475.000');
    await directorate.leave();
  });

  it('an adjustment is read before it is approved, and then in the maker’s account', async () => {
    const approver = await Visitor.of('approver');
    const { page } = approver;
    await approver.open('/decisions?kind=adjustment');
    expect(await approver.heading()).toBe('1 keputusan menunggu Anda.');
    await page.getByRole('link', { name: 'penyesuaian' }).click();
    await approver.headingHas('koreksi, diusulkan');
    expect(await approver.text()).toContain('Jam kerja M-MJK-03 kurang dicatat');
    await approver.does('Setujui');
    await approver.headingHas('koreksi, disetujui');
    await approver.open('/makers/M-MJK-03');
    expect(await approver.figure('Sudah cair')).toBe('Rp33.828');
    await approver.leave();
  });
}
