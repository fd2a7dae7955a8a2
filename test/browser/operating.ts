/** What goes wrong, and how it is seen: what a marketplace sent, what cannot be processed, a service that is away. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { moneyHeld, refundIdOf, saleIdOf, saleRefunded, UNALLOCATED } from '#libs/contracts';
import { newEvent, newId } from '#libs/messaging/kafka';
import { fromSetup, publish, read, send, until } from '../journeys/stack.ts';
import { Visitor } from './browser.ts';
import { took } from './tasks.ts';

const headers = () => ({
  ce_id: randomUUID(),
  ce_type: 'marketplace.checkout-completed.v1',
  ce_source: '/blanja',
});

const HOME = 'LP-MOJOKERTO';

/** What the books cannot post of an order that is not there: a refund, and what its channel paid out. */
function ofNoOrder(orderRef: string) {
  const [orderId, channel, occurredAt] = [`blanja/${orderRef}`, 'blanja', '2026-01-06T03:00:00Z'];
  const cause = { correlationId: newId() };
  const of = { orderId, channel, occurredAt };
  const sale = { facilityId: HOME, saleId: saleIdOf(orderId, HOME), refundId: refundIdOf(orderId, '1', 'R1') };
  const refund = { ...of, ...sale, lineRef: '1', refundRef: 'R1', quantity: 1, amount: 5_000 };
  const settlement = { settlementId: `${orderId}~S1`, fee: 4_000, shipping: 1_000, withheldTax: 0, bank: 'bri' };
  const subject = 'settlement-without-order' as const;
  const hold = { ...of, holdId: `${orderId}!1`, facilityId: UNALLOCATED, subject, amount: 90_000, settlement };
  return [newEvent(saleRefunded, refund, cause), newEvent(moneyHeld, hold, cause)];
}

export function operating(): void {
  it('a checkout that cannot be taken is seen by its marketplace with the faulty field, and a message by operators, who try again', async () => {
    const orderRef = `rusak-${randomUUID().slice(0, 8)}`;
    const checkout = { channel: 'blanja', orderRef, placedAt: '2026-01-05T10:00:00+07:00', lines: [] };
    const message = { topic: 'checkout.blanja.v1', key: `blanja/${orderRef}` };
    await publish(
      { ...message, headers: headers(), value: JSON.stringify(checkout) },
      { topic: 'checkout.blanja.v1', key: `blanja/terpotong-${orderRef}`, headers: headers(), value: '{"channel": ' },
    );

    await until(
      () => read<{ items: { orderId: string }[] }>('orders', 'rejected-checkouts'),
      ({ items }) => items.some(({ orderId }) => orderId === message.key),
    );
    await until(
      () => read<{ items: { message: { key: string } }[] }>('orders', 'dead-letters?limit=1000'),
      ({ items }) => items.some(({ message: { key } }) => key === `blanja/terpotong-${orderRef}`),
    );

    const integrator = await Visitor.of('marketplace');
    const { page } = integrator;
    await integrator.open('/');
    expect(await integrator.text()).toContain('blanja/DEMO-1');
    await page.getByRole('link', { name: 'blanja/DEMO-1' }).click();
    await integrator.headingHas('Pesanan blanja/DEMO-1: Rp1.140.000, ');
    expect(await integrator.text()).not.toMatch(/satuan kerja|Mojokerto/);
    await integrator.open('/');
    await integrator.interactions();
    await integrator.follows('Ditolak');
    const rejected = page.getByRole('row', { name: new RegExp(orderRef) });
    await rejected.getByText('Lihat').click();
    expect(await rejected.locator('pre').textContent()).toContain(orderRef);
    await took('field', integrator);
    expect(await rejected.first().textContent()).toMatch(/isinya keliru.*lines/);
    await integrator.open('/operations');
    expect(await integrator.text()).not.toContain('terpotong');
    await integrator.leave();

    const operator = await Visitor.of('operator-1');
    await operator.settled();
    const letter = operator.page.getByRole('row', { name: new RegExp(`terpotong-${orderRef}`) });
    await letter.getByRole('button', { name: 'Proses lagi' }).click();
    const dialog = operator.page.getByRole('dialog');
    await dialog.getByLabel('Alasan').fill('barangkali sekarang');
    await dialog.getByRole('button', { name: 'Proses lagi' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await took('redrive', operator);
    await letter.getByText('gagal').waitFor(); // it is as broken as before, and nothing is lost
    await operator.leave();
  });

  it('what the books refused is tried again or given up, and what is of no order is given to a facility: what takes two is decided by another', async () => {
    const orderRef = `hilang-${randomUUID().slice(0, 8)}`;
    await send(...ofNoOrder(orderRef));
    const drafter = await Visitor.of('national-drafter');
    const { page } = drafter;
    const [row, dialog] = [page.getByRole('row', { name: new RegExp(orderRef) }), page.getByRole('dialog')];
    const untilThereAre = (rows: number, kind: string) =>
      until(
        () => drafter.open(`/exceptions?kind=${kind}`).then(() => row.count()),
        (count) => count === rows,
      );
    const proposes = async (verb: string) => {
      await row.getByRole('button', { name: verb }).click();
      await dialog.getByLabel('Alasan').fill('Kanal tidak mengenalnya');
      await dialog.getByRole('button', { name: verb }).click();
    };
    await untilThereAre(1, 'refused');
    expect(await row.textContent()).toContain('penjualannya tidak ada dalam buku');
    await proposes('Bukukan lagi');
    await dialog.getByText('Tidak dilakukan.').waitFor(); // what was missing has not come
    expect(await drafter.faults()).toEqual([]);
    await dialog.getByRole('button', { name: 'Batal' }).click();
    await proposes('Usulkan dibuang');
    await row.getByText('menunggu keputusan orang lain: Kanal tidak mengenalnya').waitFor();
    expect(await row.getByRole('button', { name: /Bukukan|Usulkan/ }).count()).toBe(0);

    const approver = await Visitor.of('national-approver');
    await approver.open('/decisions?kind=refused-event');
    expect(await approver.heading()).toBe('1 keputusan menunggu Anda.');
    expect(await approver.text()).toContain(`penjualannya tidak ada dalam buku · blanja/${orderRef}`);
    await approver.does('Setujui');
    await approver.headingHas('Tidak ada keputusan yang menunggu Anda.');
    await untilThereAre(0, 'refused');

    await untilThereAre(1, 'unknown-order');
    await row.getByRole('button', { name: 'Berikan Rp90.000' }).click();
    await dialog.getByLabel('Satuan kerja').selectOption(HOME);
    await dialog.getByLabel('Alasan').fill('Dijual sebelum program ini');
    await dialog.getByRole('button', { name: 'Berikan Rp90.000' }).click();
    await drafter.headingHas('dana tanpa pesanan, diusulkan');
    expect(await drafter.text()).toContain('Rp85.000'); // less what the channel kept
    const { pathname } = new URL(page.url());
    await untilThereAre(1, 'unknown-order');
    expect(await row.getByRole('button', { name: /Berikan/ }).count()).toBe(0);

    await approver.open('/decisions?kind=adjustment');
    await approver.page
      .getByRole('row', { name: /dana tanpa pesanan/ })
      .getByText('Setujui Rp85.000')
      .waitFor();
    await approver.open(pathname);
    await approver.does('Setujui');
    await approver.headingHas('dana tanpa pesanan, disetujui');
    await approver.leave();
    await untilThereAre(0, 'unknown-order');
    await drafter.leave();
  });

  it('while the catalogue is away figures are shown without names, and names come back by themselves', async () => {
    const catalogue = Number(readFileSync(join(fromSetup('LOGS'), '..', 'catalogue.pid'), 'utf8'));
    const officer = await Visitor.of('officer');
    await officer.open('/makers/M-MJK-01');
    const named = await officer.heading();
    expect(named).toMatch(/^.+ \(M-MJK-01\): /);
    process.kill(catalogue, 'SIGSTOP'); // it takes connections, and says nothing
    try {
      await officer.open('/makers/M-MJK-01');
      expect(await officer.heading()).toBe(named.replace(/^.+ \(M-MJK-01\)/, 'M-MJK-01'));
      expect(await officer.text()).toContain('Katalog tidak menjawab: nama tidak tampil; angka lengkap.');
      await officer.open('/lots');
      await officer.page.getByText('Bagian ini belum dapat ditampilkan.').first().waitFor();
      expect(await officer.faults()).toEqual([]);
    } finally {
      process.kill(catalogue, 'SIGCONT');
    }
    const again = officer.page.getByRole('button', { name: 'Coba lagi' }).first();
    const lot = officer.page.getByRole('row', { name: /MJK-TAS-KULIT-2026-01/ });
    await until(
      async () => {
        if (await again.isVisible()) await again.click({ timeout: 5_000 }).catch(() => {}); // it goes when the lots come
        await officer.settled();
        return lot.count();
      },
      (rows) => rows === 1, // a service that has just come back may need more than the two seconds of a screen
    );
    await officer.leave();
  });
}
