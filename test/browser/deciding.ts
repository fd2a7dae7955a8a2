/** What people do: write down what was made, and decide about what others propose. */
import { expect, it } from '@jest/globals';
import { Visitor } from './browser.ts';
import { took } from './tasks.ts';

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

  it('by keyboard: an officer records a lot with three makers, beginning with what the last one was like', async () => {
    const visitor = await Visitor.of('officer', { byKeyboard: true });
    const { page } = visitor;
    await visitor.settled();
    await visitor.presses(page.getByRole('link', { name: 'Catat lot' }));
    await visitor.settled();
    await visitor.fills(page.getByLabel('Berapa buah'), '11');
    for (const [maker, hours] of ['20', '12,5', '8'].entries())
      await visitor.fills(page.getByLabel(new RegExp(`M-MJK-0${maker + 1}`)), hours);
    await visitor.presses(page.getByRole('button', { name: 'Simpan' }));
    await page.waitForURL((url) => url.pathname === '/lots');
    await took('lot', visitor);
    await visitor.settled();
    expect(await page.getByRole('row', { name: /11\/11/ }).textContent()).toMatch(
      /Rp182\.000.*M-MJK-01.*20 jam.*M-MJK-02.*12,5 jam.*M-MJK-03.*8 jam/,
    );
    await visitor.leave();
  });

  it('by keyboard: what is proposed appears with its approver by itself; rejected with a reason, it is nobody’s to decide', async () => {
    const approver = await Visitor.of('approver', { byKeyboard: true });
    await approver.open('/decisions?kind=maker-event');
    expect(await approver.heading()).toBe('Tidak ada keputusan yang menunggu Anda.');
    expect(await approver.faults()).toEqual([]);
    const page = await proposeEvent('officer', 'M-MJK-05', 'freeze', { Alasan: 'Menunggu surat keterangan' });

    await approver.headingHas('1 keputusan menunggu Anda.');
    await approver.interactions();
    const reject = approver.page.getByRole('main').getByRole('button', { name: 'Tolak' }).first();
    await approver.does('Tolak', { Alasan: 'Suratnya sudah ada' });
    await took('decision', approver);
    await approver.headingHas('Tidak ada keputusan yang menunggu Anda.');

    await proposeEvent('officer', 'M-MJK-05', 'freeze', { Alasan: 'Suratnya datang' });
    await approver.presses(reject);
    await approver.page.keyboard.press('Escape');
    await approver.page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await approver.isAt(reject)).toBe(true);
    await approver.open(page);
    expect(await approver.text()).toContain('ditolak');
    await approver.leave();
  });

  it('what happens to a maker is agreed by another person, and seen on the maker’s page', async () => {
    const approver = await Visitor.of('approver');
    await approver.open('/decisions?kind=maker-event');
    await approver.does('Setujui');
    await approver.headingHas('Tidak ada keputusan yang menunggu Anda.');
    await approver.open('/makers/M-MJK-05');
    expect(await approver.text()).toContain('dibekukan: tidak ada yang dibayarkan');

    const heirs = { 'Dibayarkan kepada': 'ahli-waris-05', Alasan: 'Ahli warisnya diketahui' };
    await approver.open(await proposeEvent('treasurer-1', 'M-MJK-05', 'unfreeze', heirs));
    expect(await approver.heading()).toBe('M-MJK-05: dapat dibayar lagi.'); // an approver reads no names
    expect(await approver.faults()).toEqual([]);
    await approver.does('Setujui');
    await approver.page.getByText('disetujui').first().waitFor();
    await approver.open('/makers/M-MJK-05');
    expect(await approver.text()).toContain('dibayarkan kepada beneficiary:ahli-waris-05');
    expect(await approver.page.getByRole('row', { name: /dapat dibayar lagi.*disetujui/ }).count()).toBe(1);
    await approver.leave();
  });

  it('what a maker has to pay to somebody is proposed, agreed by another person, and stands on the maker’s page', async () => {
    const treasurer = await Visitor.of('treasurer-1');
    const { page } = treasurer;
    await treasurer.open('/adjustments/new?type=obligation');
    await page.getByLabel('Pembuat', { exact: true }).selectOption('M-MJK-04');
    await page.getByLabel('Kepada penerima').fill('siapa-pun');
    await page.getByLabel('Jumlah dalam rupiah').fill('7.000');
    await page.getByLabel('Alasan').fill('Ganti rugi');
    await page.getByRole('button', { name: 'Usulkan' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Usulkan' }).click();
    await dialog.getByText('beneficiary:siapa-pun, yang tidak dikenal pembukuan').waitFor();
    await dialog.getByRole('button', { name: 'Batal' }).click();
    expect(await page.getByLabel('Jumlah dalam rupiah').inputValue()).toBe('7.000');
    await page.getByLabel('Kepada penerima').fill('ahli-waris-05');
    await treasurer.does('Usulkan');
    await treasurer.headingHas('kewajiban, diusulkan');
    expect(await treasurer.text()).toMatch(/M-MJK-04\) kepada beneficiary:ahli-waris-05: Rp7\.000/);
    const { pathname } = new URL(page.url());
    await treasurer.leave();

    const approver = await Visitor.of('approver');
    await approver.open(pathname);
    await approver.does('Setujui');
    await approver.headingHas('kewajiban, disetujui');
    await approver.leave();

    const national = await Visitor.of('national-drafter');
    await national.open('/makers/M-MJK-04');
    await national.page.getByRole('row', { name: /beneficiary:ahli-waris-05 Rp7\.000 Rp0 Rp7\.000/ }).waitFor();
    await national.leave();
  });
}

/** Says, in the form on a maker's page, what has happened. @returns where it is read then */
async function proposeEvent(
  person: string,
  makerId: string,
  event: string,
  fields: Readonly<Record<string, string>>,
): Promise<string> {
  const visitor = await Visitor.of(person);
  const { page } = visitor;
  await visitor.open(`/makers/${makerId}`);
  await page.getByRole('button', { name: 'Usulkan peristiwa' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Peristiwa', { exact: true }).selectOption(event);
  for (const [label, text] of Object.entries(fields)) await dialog.getByLabel(label, { exact: true }).fill(text);
  await dialog.getByRole('button', { name: 'Usulkan peristiwa' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/maker-events/'));
  await visitor.settled();
  expect(await page.getByRole('button', { name: /Setujui/ }).count()).toBe(0);
  const { pathname } = new URL(page.url());
  await visitor.leave();
  return pathname;
}

/** Proposes, in the form, that a maker gets what was not counted. @returns where it is read then */
export async function proposeAdjustment(): Promise<string> {
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
  const { pathname } = new URL(page.url());
  await treasurer.leave();
  return pathname;
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
