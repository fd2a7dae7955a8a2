/** How a sharing agreement comes about: judged while it is written, tried on what was sold, and agreed by another person. */
import { expect, it } from '@jest/globals';
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
}
