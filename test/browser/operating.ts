/** What goes wrong, and how it is seen: what a marketplace sent, what cannot be processed, a service that is away. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { fromSetup, publish, read, until } from '../journeys/stack.ts';
import { Visitor } from './browser.ts';
import { took } from './tasks.ts';

const headers = () => ({
  ce_id: randomUUID(),
  ce_type: 'marketplace.checkout-completed.v1',
  ce_source: '/blanja',
});

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
