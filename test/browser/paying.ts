/** How money goes on from a sale: paid out by its channel, to makers and the state, and what of it comes back. */

import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { checkoutOf, completed, type Order, pathOf, refunded, untilOrder } from '../journeys/marketplace.ts';
import { post, read, send, until } from '../journeys/stack.ts';
import { Visitor } from './browser.ts';
import { took } from './tasks.ts';

const REPORT = 'order_ref,line_type,settled_at,revenue,fee,shipping,withheld_tax,paid_out,settles,bank';
/** The day of the books: in Jakarta it begins seven hours before that of UTC. The same for who reports twice. */
const TODAY = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
const DEMO = { channel: 'blanja', orderRef: 'DEMO-1', placedAt: '', lines: [] };

/** What a channel reports of an order. */
function reportOf(row: string) {
  return { name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(`${REPORT}\n${row}`) };
}

/** The bank pays, or fails to pay, each item of a payout. @param path of its page */
async function bankAnswers(path: string, says: (account: string) => 'pay' | { readonly fail: string }): Promise<void> {
  const { items } = await read<{ items: { itemId: string; account: string; status: string }[] }>(
    'ledger',
    path.slice(1),
  );
  for (const { itemId, account, status } of items) {
    if (!['reserved', 'sent'].includes(status)) continue;
    const answer = says(account);
    const [notice, body] = answer === 'pay' ? ['pay', {}] : ['fail', { reason: answer.fail }];
    await until(
      () => post('payments', `sandbox/disbursements/${itemId}/${notice}`, body),
      ({ status: told }) => told === 200,
    );
  }
}

export function paying(): void {
  it('by keyboard: what the channel pays out is proposed, reviewed and approved by three, and what the bank fails to pay is there again', async () => {
    const integrator = await Visitor.of('marketplace');
    await integrator.open('/settlements');
    await integrator.page
      .getByLabel('Berkas CSV atau XLSX')
      .setInputFiles(reportOf(`DEMO-1,order,${TODAY},1140000,57001,24000,0,1058999,all,bri`));
    await integrator.page.getByRole('button', { name: 'Periksa' }).click();
    await integrator.headingHas('1 baris akan dicatat: Rp1.058.999 dicairkan.');
    await integrator.does('Catat 1 baris');
    await integrator.headingHas('1 baris dicatat: Rp1.058.999 dicairkan.');
    await integrator.leave();

    const treasurer = await Visitor.of('treasurer-1', { byKeyboard: true });
    const { page } = treasurer;
    await treasurer.settled();
    expect(await treasurer.text()).toContain('Rp882.499');
    await treasurer.follows('Premi dan pembayaran');
    await treasurer.headingHas(': 3 pembuat menunggu Rp261.249.');
    await treasurer.does('Usulkan pembayaran');
    await page.waitForURL((url) => url.pathname.startsWith('/payouts/'));
    await took('payout', treasurer);
    await treasurer.settled();
    const { pathname } = new URL(page.url());
    for (const amount of ['115.310', '88.284', '57.655']) expect(await treasurer.text()).toContain(`Rp${amount}`);
    expect(await page.getByRole('button', { name: /Setujui/ }).count()).toBe(0);

    const reviewer = await Visitor.of('treasurer-2', { byKeyboard: true });
    await reviewer.open(pathname);
    await reviewer.headingHas('membayar Rp261.249 kepada 3 penerima');
    await reviewer.does('Teruskan ke persetujuan');
    await reviewer.headingHas('ditinjau');
    await reviewer.leave();

    const approver = await Visitor.of('approver', { width: 360, byKeyboard: true });
    await approver.open(pathname);
    await approver.does(/^Setujui Rp/);
    await approver.headingHas('disetujui');
    expect(await approver.faults()).toEqual([]);
    await approver.leave();

    await bankAnswers(pathname, (account) => (account.includes('M-MJK-03') ? { fail: 'rekening tutup' } : 'pay'));
    const failed = page.getByRole('row', { name: /M-MJK-03/ });
    await failed.getByText('gagal, tersedia lagi').waitFor();
    expect(await failed.textContent()).toContain('rekening tutup');
    await page.getByRole('row', { name: /M-MJK-01.*dibayar \d+ \w+ 20/ }).waitFor();
    expect(await treasurer.faults()).toEqual([]);
    await treasurer.open('/premi');
    await treasurer.headingHas(': 1 pembuat menunggu Rp57.655.');
    await treasurer.leave();
  });

  it('the premi list is printed with the makers’ names, and nothing of the page around it', async () => {
    const treasurer = await Visitor.of('treasurer-1');
    const { page } = treasurer;
    await treasurer.settled();
    await page.evaluate('window.print = () => { document.body.dataset.printed = "yes"; }'); // else the browser's own dialog waits
    await treasurer.follows('Premi dan pembayaran');
    await treasurer.presses(page.getByRole('button', { name: 'Cetak daftar premi' }));
    await took('list', treasurer);
    expect(await page.locator('body').getAttribute('data-printed')).toBe('yes');
    await page.emulateMedia({ media: 'print' });
    const list = page.getByRole('table').last();
    expect(await list.textContent()).toMatch(/Perajin Mojokerto 1.*115\.310/);
    expect(await page.getByRole('navigation').first().isVisible()).toBe(false);
    await treasurer.leave();
  });

  it('what is owed to the state is deposited, by another person than who recorded its billing code', async () => {
    const billed = await Visitor.of('treasurer-2');
    await billed.open('/deposits');
    expect(await billed.heading()).toBe('Lapas Kelas IIB Mojokerto masih harus menyetor PNBP Rp78.375.');
    expect(await billed.page.getByRole('button', { name: 'Masukkan NTPN' }).count()).toBe(0);
    await billed.leave();

    const treasurer = await Visitor.of('treasurer-1');
    await treasurer.follows('Premi dan pembayaran');
    await treasurer.presses(treasurer.page.getByRole('link', { name: 'Setoran PNBP' }));
    await treasurer.does('Masukkan NTPN', { NTPN: '0A1B2C3D4E5F6G7H' });
    await took('receipt', treasurer);
    await treasurer.headingHas('Lapas Kelas IIB Mojokerto tidak berutang PNBP.');
    await treasurer.leave();
  });

  it('in English: what a channel paid out of a sale is proposed, reviewed and approved by three, and what the bank fails to pay is there again', async () => {
    const english = { language: 'en' } as const;
    const belts = [{ sku: 'MJK-SABUK-KULIT', quantity: 5, unitPrice: 120_000 }];
    const sold = checkoutOf('blanja', belts, { fees: 30_000, shipping: 20_000 });
    await send(completed(sold));
    await untilOrder(sold, 'credited');
    const integrator = await Visitor.of('marketplace', english);
    await integrator.follows('Settlement reports');
    await integrator.headingHas('Which settlement report is read?');
    const report = reportOf(`${sold.orderRef},order,${TODAY},600000,30000,20000,0,550000,all,bri`);
    await integrator.page.getByLabel('CSV or XLSX files').setInputFiles(report);
    await integrator.page.getByRole('button', { name: 'Check' }).click();
    await integrator.headingHas('1 row would be recorded: Rp550,000 paid out.');
    await integrator.does('Record 1 row');
    await integrator.headingHas('1 row was recorded: Rp550,000 paid out.');
    await integrator.leave();

    // Of 600,000 less 50,000 and 200,000 of production cost half is the makers', by pieces: 90 and 60 of 150.
    const treasurer = await Visitor.of('treasurer-1', english);
    const { page } = treasurer;
    await treasurer.settled();
    await page.getByText('Rp1,150,530').first().waitFor(); // 882,499 less 203,594 paid and 78,375 deposited, and 550,000
    await treasurer.follows('Premi and payouts');
    await treasurer.headingHas(': 3 makers await Rp232,655.'); // M-MJK-03 still awaits 57,655
    await treasurer.does('Propose a payout');
    await treasurer.headingHas('pays Rp232,655 to 3 payees: proposed.');
    const { pathname } = new URL(page.url());
    for (const amount of ['105,000', '70,000', '57,655']) expect(await treasurer.text()).toContain(`Rp${amount}`);
    expect(await page.getByRole('button', { name: /Approve/ }).count()).toBe(0);
    const reviewer = await Visitor.of('treasurer-2', english);
    await reviewer.open(pathname);
    await reviewer.does('Pass on for approval');
    await reviewer.headingHas('reviewed.');
    await reviewer.leave();
    const approver = await Visitor.of('approver', english);
    await approver.open(pathname);
    await approver.does('Approve Rp232,655');
    await approver.headingHas('approved.');
    await approver.open('/premi');
    await approver.headingHas(': Rp232,655 is being paid');
    await approver.leave();

    await bankAnswers(pathname, (account) => (account.includes('M-MJK-03') ? { fail: 'rekening tutup' } : 'pay'));
    const failed = page.getByRole('row', { name: /M-MJK-03/ });
    await failed.getByText('failed, available again').waitFor();
    expect(await failed.textContent()).toContain('rekening tutup');
    await page
      .getByRole('row', { name: /paid \d+ \w+ 20/ })
      .first()
      .waitFor(); // of the two makers of belts
    await treasurer.open('/premi');
    await treasurer.headingHas(': 1 maker awaits Rp57,655.');
    await treasurer.leave();
  });

  it('one of two bags is given back: who was paid owes half, who was not has less', async () => {
    await send(refunded(DEMO, '1', 'R1', 1, new Date().toISOString()));
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

    await officer.open('/lots');
    await officer.page.getByRole('row', { name: /MJK-TAS-KULIT-2026-01.*38\/40/ }).waitFor();
    await officer.open('/sales/blanja/DEMO-1');
    await officer.does('Barang kembali');
    await officer.open('/lots');
    await officer.page.getByRole('row', { name: /MJK-TAS-KULIT-2026-01.*39\/40/ }).waitFor(); // and money moved by the refund alone
    await officer.leave();

    const auditor = await Visitor.of('auditor');
    await auditor.open('/ledger?facility=LP-MOJOKERTO&kind=refund');
    const told = await auditor.text();
    for (const amount of ['91.438', '39.188', '57.655', '44.142', '28.827']) expect(told).toContain(`Rp${amount}`);
    await auditor.leave();

    const directorate = await Visitor.of('directorate');
    await directorate.open('/overview');
    expect(await directorate.figure('Dikembalikan')).toBe('Rp475.000');
    const ranked = directorate.page.getByRole('table', { name: /^Penjualan \d{4} tiap satuan kerja/ });
    await ranked.getByRole('row', { name: /Mataram.*Rp190\.000/ }).waitFor();
    await directorate.leave();

    const maker = await Visitor.of('maker');
    await maker.page.getByRole('button', { name: 'Lihat uang saya' }).click();
    await maker.headingHas('sudah cair');
    await maker.settled();
    expect(await maker.text()).toMatch(/2 terjual: Anda 32 dari 72,5 jam.* 1 dikembalikan pembeli/);
    await maker.leave();
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

  it('by keyboard: an approver rejects one adjustment with a reason and, having read the other, approves it', async () => {
    const drafter = await Visitor.of('treasurer-1');
    for (const amount of [1_001, 1_002]) {
      const entries = [
        { account: 'facility:LP-MOJOKERTO:earnings', amount },
        { account: 'maker:M-MJK-04:wages', amount: -amount },
      ];
      const draft = { facilityId: 'LP-MOJOKERTO', type: 'adjustment', occurredAt: new Date().toISOString(), entries };
      expect(await drafter.commands('ledger/adjustments', { ...draft, reason: `Kurang ${amount}` })).toBe(200);
    }
    await drafter.leave();

    const approver = await Visitor.of('approver', { byKeyboard: true });
    const { page } = approver;
    await approver.follows('Keputusan');
    const [one, other] = [page.getByRole('row', { name: /Rp1\.001/ }), page.getByRole('row', { name: /Rp1\.002/ })];
    await approver.presses(one.getByRole('button', { name: 'Tolak' }));
    const dialog = page.getByRole('dialog');
    await approver.fills(dialog.getByLabel('Alasan', { exact: true }), 'Jamnya sudah dihitung');
    await approver.presses(dialog.getByRole('button', { name: 'Tolak' }));
    await one.waitFor({ state: 'detached' });
    await approver.presses(other.getByRole('link', { name: 'penyesuaian' }));
    await approver.headingHas('koreksi, diusulkan');
    expect(await approver.text()).toContain('Kurang 1002');
    await approver.does('Setujui');
    await approver.headingHas('koreksi, disetujui');
    await approver.follows('Keputusan');
    await other.waitFor({ state: 'detached' });
    await approver.leave();

    const officer = await Visitor.of('officer');
    await officer.open('/makers/M-MJK-04');
    expect(await officer.figure('Sudah cair')).toBe('Rp1.002');
    await officer.leave();
  });

  it('what a channel pays too little of a sale is accepted by two persons, and the rest is available', async () => {
    const short = checkoutOf('blanja', [{ sku: 'MJK-SABUK-KULIT', quantity: 1, unitPrice: 120_000 }]);
    await send(completed(short));
    await untilOrder(short, 'credited');
    const amounts = { revenue: 106_000, fee: 6_000, shipping: 0, withheldTax: 0, paidOut: 100_000, settles: 'all' };
    const about = { channel: 'blanja', orderRef: short.orderRef, settlementRef: 'S-1', bank: 'bri' };
    const settledAt = new Date().toISOString();
    const told = await post('payments', 'settlements', { ...about, ...amounts, settledAt }, randomUUID());
    expect(told.status).toBe(202);

    const treasurer = await Visitor.of('treasurer-1');
    const { page } = treasurer;
    const difference = page.getByRole('row', { name: new RegExp(short.orderRef) });
    await until(
      () => treasurer.open('/exceptions').then(() => difference.count()),
      (rows) => rows === 1,
    );
    await difference.getByRole('button', { name: 'Terima selisih Rp14.000' }).click();
    expect(await treasurer.faults()).toEqual([]);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Alasan').fill('Potongan kanal, tidak akan dibayar');
    await dialog.getByRole('button', { name: 'Terima selisih Rp14.000' }).click();
    await treasurer.headingHas('selisih pencairan, diusulkan');
    expect(await treasurer.text()).toContain(
      `Yang masih dipegang kanal dari blanja/${short.orderRef} tidak ditunggu lagi`,
    );
    expect(await page.getByRole('button', { name: /Setujui/ }).count()).toBe(0);

    const approver = await Visitor.of('approver');
    await approver.open(new URL(page.url()).pathname);
    await approver.does('Setujui');
    await approver.headingHas('selisih pencairan, disetujui');
    await approver.leave();
    await treasurer.open('/exceptions');
    expect(await difference.count()).toBe(0);
    await treasurer.leave();
    await until(
      () => read<{ sales: { status: string }[] }>('orders', `orders/${pathOf(short)}`),
      ({ sales }) => sales[0]?.status === 'settled',
    );
  });

  it('what a channel reports and nobody can book is noted by one person and accepted by another', async () => {
    const drafter = await Visitor.of('national-drafter');
    const csv = `${REPORT}\nDEMO-1,order,${TODAY},1000,-99000000,0,0,99001000,part,bri`;
    const file = { channel: 'blanja', name: 'too-much.csv', csv };
    expect(await drafter.commands('payments/settlement-files', file)).toBe(200);
    await drafter.open('/exceptions');
    const row = drafter.page.getByRole('row', { name: /melebihi pesanannya/ });
    await row.getByRole('button', { name: 'Catat' }).click();
    const dialog = drafter.page.getByRole('dialog');
    await dialog.getByLabel('Catatan').fill('Dibukukan sebagai penyesuaian');
    await dialog.getByRole('button', { name: 'Catat' }).click();
    await row.getByText('Dibukukan sebagai penyesuaian').waitFor();
    expect(await row.getByRole('button', { name: 'Terima' }).count()).toBe(0);
    await drafter.leave();

    const approver = await Visitor.of('national-approver');
    await approver.open('/exceptions');
    await approver.does('Terima');
    await approver.page.getByText('Semua yang dilaporkan kanal sudah dibukukan.').waitFor();
    await approver.leave();
  });
}
