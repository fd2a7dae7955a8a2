import { expect, it } from '@jest/globals';
import { expectBooks, journalsOf, movementsOf } from './books.ts';
import { checkoutOf, completed, gatewaySays, untilOrder, untilPayment } from './marketplace.ts';
import { send } from './stack.ts';
import { openWorkshop, stockOf } from './workshop.ts';

it('a checkout of goods from two facilities credits both and their makers, to the rupiah', async () => {
  const leather = await openWorkshop({ stock: 5, unitCost: 6_667, hours: [5, 4, 3] });
  const batik = await openWorkshop({ stock: 1, unitCost: 12_500 });
  const checkout = checkoutOf(
    'blanja',
    [
      { sku: leather.sku, quantity: 3, unitPrice: 33_334, discount: 1 },
      { sku: batik.sku, quantity: 1, unitPrice: 50_000 },
    ],
    { fees: 7_503 },
  );

  await send(completed(checkout));
  await untilOrder(checkout, 'credited');

  // 7,503 of fees over 100,001 and 50,000: 5,002.02 and 2,500.98. Shared is what fees and cost leave:
  // 100,001 - 5,002 - 20,001 = 74,998: 37,499 / 26,249.3 / 11,249.7; the makers' 15,624.6 / 12,499.7 / 9,374.75.
  const [first, second, third] = leather.makerIds;
  expect(movementsOf(await journalsOf(checkout, leather))).toEqual({
    [`channel:blanja:receivable@${leather.facilityId}`]: 100_001,
    [`channel:blanja:fees@${leather.facilityId}`]: -5_002,
    [`facility:${leather.facilityId}:cost-recovery`]: -20_001,
    [`facility:${leather.facilityId}:earnings-pending`]: -26_249,
    [`state:pnbp@${leather.facilityId}`]: -11_250,
    [`maker:${first}:wages-pending`]: -15_624,
    [`maker:${second}:wages-pending`]: -12_500,
    [`maker:${third}:wages-pending`]: -9_375,
  });
  // 50,000 - 2,501 - 12,500 = 34,999: 17,499.5 / 12,249.65 / 5,249.85; the two rupiah left go to the larger fractions.
  expect(movementsOf(await journalsOf(checkout, batik))).toEqual({
    [`channel:blanja:receivable@${batik.facilityId}`]: 50_000,
    [`channel:blanja:fees@${batik.facilityId}`]: -2_501,
    [`facility:${batik.facilityId}:cost-recovery`]: -12_500,
    [`facility:${batik.facilityId}:earnings-pending`]: -12_250,
    [`state:pnbp@${batik.facilityId}`]: -5_250,
    [`maker:${batik.makerIds[0]}:wages-pending`]: -17_499,
  });
  await expectBooks(checkout, [leather, batik], 150_001);
  await untilPayment(checkout, { status: 'captured', captured: 150_001, refunded: 0 });
  expect([await stockOf(leather), await stockOf(batik)]).toEqual([2, 0]);
});

it('a shop without escrow is paid when its gateway says so', async () => {
  const workshop = await openWorkshop({ stock: 2 });
  const checkout = checkoutOf('toko-sandbox', [{ sku: workshop.sku, quantity: 2, unitPrice: 10_000 }]);

  await send(completed(checkout));
  await untilPayment(checkout, { status: 'pending', amount: 20_000, captured: 0 });
  await untilOrder(checkout, 'placed');
  expect(await journalsOf(checkout, workshop)).toEqual([]);

  await gatewaySays('capture', checkout);
  await untilOrder(checkout, 'credited');
  await expectBooks(checkout, [workshop], 20_000);
  expect(await stockOf(workshop)).toBe(0);
});
