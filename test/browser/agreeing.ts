/** How agreements and terms of channels come about: looked at while they are written, and agreed by another person. */
import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { openChannel } from '../journeys/marketplace.ts';
import { Visitor } from './browser.ts';

export function agreeing(): void {
  it('a version that does not add up is refused at its step; one that does is tried on past sales, and another person agrees', async () => {
    const drafter = await Visitor.of('national-drafter');
    const { page } = drafter;
    await drafter.open('/agreements');
    await page.getByRole('link', { name: 'Versi berikutnya' }).click();
    await drafter.headingHas('ID-1990 versi 2 dapat diusulkan.');
    const percent = page.getByLabel('Persen', { exact: true });
    for (const [share, rate] of ['60', '25', '10'].entries()) await percent.nth(share).fill(rate);
    await drafter.headingHas('ID-1990 versi 2 belum dapat disetujui.');
    await page.getByText('bagian kelompok kurang dari 100 %').waitFor();
    expect(await page.getByRole('button', { name: 'Usulkan' }).isDisabled()).toBe(true);

    await percent.nth(2).fill('15');
    await drafter.headingHas('ID-1990 versi 2 dapat diusulkan.');
    const example = page.getByRole('region', { name: 'Contoh' });
    // Of 522.499: 60 % in hours to three makers, 25 % to the facility, 15 % to the state.
    for (const amount of ['138.372', '105.941', '69.186', '130.625', '78.375'])
      expect(await example.textContent()).toContain(`Rp${amount}`);
    await drafter.does('Usulkan');
    await drafter.headingHas('1 perjanjian');
    const version = page.getByRole('region', { name: 'ID-1990 2' });
    expect(await version.getByRole('button', { name: /Setujui/ }).count()).toBe(0);

    await version.getByRole('link', { name: 'Simulasikan' }).click();
    await drafter.does('Simulasikan');
    await drafter.headingHas('ID-1990 versi 2 akan memberi pembuat Rp62.900 lebih banyak.');
    const told = await drafter.text();
    for (const words of ['−Rp62.900', 'Lapas Kelas IIB Mojokerto: 1 penjualan', 'Rp52.250', 'Rp10.650'])
      expect(told).toContain(words);
    await drafter.leave();

    const approver = await Visitor.of('national-approver');
    await approver.open('/decisions?kind=agreement');
    expect(await approver.heading()).toBe('1 keputusan menunggu Anda.');
    await approver.does('Setujui');
    await approver.headingHas('Tidak ada keputusan yang menunggu Anda.');
    await approver.leave();
  });

  it('what a channel charges is written from what is in force, what it calls our goods is looked at before it is proposed, and another person agrees to both', async () => {
    const channelId = `pasar-${randomUUID().slice(0, 8)}`;
    const fees = [{ name: 'admin', bp: 800 }];
    const drafter = await Visitor.of('national-drafter');
    const { page } = drafter;
    await drafter.follows('Perjanjian');
    await drafter.presses(page.getByRole('link', { name: 'Ketentuan kanal' }));
    await drafter.headingHas('versi 1 berlaku sejak');
    await drafter.does('Daftarkan kanal baru', { Kode: channelId, Nama: 'Pasar' });
    await drafter.headingHas('belum diterima apa pun');
    expect(await drafter.faults()).toEqual([]);
    await openChannel(channelId, { sellersPartOfDiscountBp: 10_000, shippingBorneBy: 'seller', fees });
    await drafter.open(`/channels?channel=${channelId}`);
    await drafter.headingHas('versi 1 berlaku sejak 1 Jan 2025.');
    const inForce = page.getByRole('region', { name: 'Ketentuan versi 1' });
    await inForce.getByRole('row', { name: /admin.*semua.*8.%/ }).waitFor();

    await drafter.presses(page.getByRole('link', { name: 'Ketentuan berikutnya' }));
    await drafter.headingHas('menurut versi 2?');
    await page.getByLabel('Persen dari harga').fill('A 8; * 4,25');
    await page.getByLabel('PPN biaya, dalam persen').fill('11');
    await page.getByLabel('Cair sesudah berapa hari').fill('7');
    await page.getByLabel('Kabar pesanan dikirim ke').fill('https://pasar.example/pasindo');
    await drafter.does('Usulkan');
    const draft = page.getByRole('region', { name: 'Ketentuan versi 2' });
    await draft.getByRole('row', { name: /admin.*A.*8.%.*11.%/ }).waitFor();
    await draft.getByRole('row', { name: /admin.*golongan lain.*4,25.%.*11.%/ }).waitFor();
    expect(await draft.textContent()).toContain('uangnya cair 7 hari sesudah pesanan');
    expect(await draft.textContent()).toContain('dikirim ke https://pasar.example/pasindo');
    expect(await draft.getByRole('button', { name: 'Setujui' }).count()).toBe(0);

    const csv = 'channel_sku,sku,fee_class\nSHP-1,MJK-TAS-KULIT,A\nSHP-2,MJK-SABUK-KULIT,\n';
    const buffer = Buffer.from(csv);
    const files = page.getByLabel('Daftar berikutnya: berkas CSV');
    await files.setInputFiles({ name: 'listings.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('button', { name: 'Periksa' }).click();
    await page.getByRole('row', { name: /baru.*semua.*SHP-1.*MJK-TAS-KULIT · A/ }).waitFor();
    await drafter.does('Usulkan 2 barang');
    await drafter.headingHas('versi 1, 2 barang: diusulkan.');
    const { pathname } = new URL(page.url());
    expect(await page.getByRole('button', { name: 'Setujui' }).count()).toBe(0);

    await drafter.open(`/channels?channel=${channelId}`);
    await page.getByRole('button', { name: 'Tambah toko' }).click();
    await page.getByLabel('Kode toko').fill('T-1');
    expect(await page.getByLabel('Satuan kerja').inputValue()).toBe(''); // nobody's, until somebody says whose
    await page.getByLabel('Satuan kerja').selectOption('LP-MOJOKERTO');
    await drafter.does('Usulkan daftar toko');
    await drafter.headingHas('versi 1, 1 toko: diusulkan.');
    await drafter.settled();
    expect(await drafter.faults()).toEqual([]);
    const storesOf = new URL(page.url()).pathname;
    await drafter.leave();

    const approver = await Visitor.of('national-approver');
    await approver.open(storesOf);
    await approver.page.getByRole('row', { name: /^T-1.*Lapas Kelas IIB Mojokerto/ }).waitFor();
    await approver.does('Setujui');
    await approver.headingHas('versi 1 berlaku: 1 toko.');
    await approver.open(pathname);
    await approver.page.getByRole('row', { name: /^semua.*SHP-2.*MJK-SABUK-KULIT/ }).waitFor();
    await approver.does('Setujui');
    await approver.headingHas('versi 1 berlaku: 2 barang.');
    await approver.open(`/channels?channel=${channelId}`);
    await approver.does('Setujui');
    await approver.headingHas('versi 1 berlaku sejak 1 Jan 2025, versi 2 mulai ');
    await approver.leave();
  });
}
