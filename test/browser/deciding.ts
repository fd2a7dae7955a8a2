/** What people do: write down what was made, and decide about what others propose. */
import { expect, it } from '@jest/globals';
import { Visitor } from './browser.ts';

export function deciding(): void {
  it('an officer records a lot on a phone; what is faulty is said at its field, and nothing typed is lost', async () => {
    const visitor = await Visitor.of('officer', { width: 360 });
    const { page } = visitor;
    await visitor.open('/');
    await page.getByRole('link', { name: 'Catat lot' }).click();
    await visitor.settled();
    await page.getByLabel('Produk', { exact: true }).selectOption('MJK-TAS-KULIT');
    await page.getByLabel('Berapa buah').fill('sepuluh');
    await page.getByLabel('Biaya produksi sebuah, dalam rupiah').fill('182.000');
    await page.getByLabel('Kerja diukur dengan').selectOption('hours');
    await page.getByLabel(/M-MJK-01/).fill('20');
    await page.getByLabel(/M-MJK-02/).fill('12,5');
    await page.getByRole('button', { name: 'Simpan' }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    expect(await page.locator('[aria-invalid=true]').inputValue()).toBe('sepuluh');

    await page.reload();
    await visitor.settled();
    expect(await page.getByLabel('Biaya produksi sebuah, dalam rupiah').inputValue()).toBe('182.000');
    await page.getByLabel('Berapa buah').fill('10');
    await page.getByRole('button', { name: 'Simpan' }).click();
    await page.waitForURL((url) => url.pathname === '/lots');
    await visitor.settled();
    const lot = page.getByRole('row', { name: /10\/10/ });
    expect(await lot.textContent()).toMatch(/Rp182\.000.*M-MJK-01.*20 jam.*M-MJK-02.*12,5 jam/);
    await visitor.leave();
  });

  it('what is proposed appears with its approver by itself; rejected with a reason, it is nobody’s to decide', async () => {
    const approver = await Visitor.of('approver');
    await approver.open('/decisions?kind=maker-event');
    expect(await approver.heading()).toBe('Tidak ada keputusan yang menunggu Anda.');

    const treasurer = await Visitor.of('treasurer-1');
    const freeze = {
      makerId: 'M-MJK-05',
      facilityId: 'LP-MOJOKERTO',
      occurredAt: new Date(Date.now() - 60_000).toISOString(),
      reason: 'Menunggu surat keterangan',
      because: 'other',
    };
    expect(await treasurer.commands('ledger/maker-events/freezes', freeze)).toBe(200);
    await treasurer.open('/decisions?kind=maker-event');
    expect(await treasurer.page.getByRole('button', { name: /Setujui/ }).count()).toBe(0);
    await treasurer.leave();

    const { page } = approver;
    await approver.headingHas('1 keputusan menunggu Anda.');
    await page.getByRole('button', { name: 'Tolak' }).click();
    await page.getByRole('dialog').getByLabel('Alasan').fill('Suratnya sudah ada');
    await page.getByRole('dialog').getByRole('button', { name: 'Tolak' }).click();
    await approver.headingHas('Tidak ada keputusan yang menunggu Anda.');
    await approver.leave();
  });
}

/** Proposes, in the form, that a maker gets what was not counted. */
export async function proposeAdjustment(): Promise<void> {
  const treasurer = await Visitor.of('treasurer-1');
  const { page } = treasurer;
  await treasurer.open('/adjustments/new');
  for (const [number, account, amount] of [
    [0, 'facility:LP-MOJOKERTO:earnings', '5.000'],
    [1, 'maker:M-MJK-03:wages', '5.000'],
  ] as const) {
    await page.getByLabel('Akun').nth(number).selectOption(account);
    await page.getByLabel('Jumlah dalam rupiah').nth(number).fill(amount);
  }
  await page.getByLabel('Alasan').fill('Jam kerja M-MJK-03 kurang dicatat');
  await treasurer.does('Usulkan');
  await treasurer.headingHas('koreksi, diusulkan');
  expect(await treasurer.text()).toMatch(/Rp5\.000.*Rp5\.000/);
  await treasurer.leave();
}

/** Records the billing code of what is owed: the form proposes all that has none, and is gone when nothing is left. */
export async function recordBillingCode(person: string, { owed, code }: { owed: number; code: string }): Promise<void> {
  const treasurer = await Visitor.of(person);
  const { page } = treasurer;
  await treasurer.open('/deposits');
  await page.getByRole('button', { name: 'Catat kode billing' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByLabel('Jumlah dalam rupiah').inputValue()).toBe(String(owed));
  await dialog.getByLabel('Kode billing').fill(code);
  await dialog.getByRole('button', { name: 'Catat kode billing' }).click();
  await page.getByRole('cell', { name: code }).waitFor();
  expect(await page.getByRole('button', { name: 'Catat kode billing' }).count()).toBe(0);
  await treasurer.leave();
}
