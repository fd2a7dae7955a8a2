import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { custodyEnded, type DataOf, type Event } from '#libs/contracts';
import { EventHandler, newId } from '#libs/messaging';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { eventually } from '../../../../test/kit/service.ts';
import { CustodyEndsService } from './custody-ends.service.ts';

/** The catalogue, as far as the ledger can see it. */
@Controller()
class Catalogue {
  static readonly heard: Event<DataOf<typeof custodyEnded>>[] = [];

  @EventHandler(custodyEnded)
  async onEnded(events: Event<DataOf<typeof custodyEnded>>[]): Promise<void> {
    Catalogue.heard.push(...events);
  }
}

let ledger: TestedLedger;
beforeAll(async () => {
  ledger = await startLedger([Catalogue]);
});
afterAll(() => ledger.close());

async function release(makerId: string, occurredAt: string): Promise<void> {
  const { makerEvents } = ledgerServices(ledger.database);
  const draft = { makerId, facilityId: 'F1', occurredAt, reason: 'SK 17', by: 'p1' };
  const { eventId } = await ledger.database.transaction((transaction) =>
    makerEvents.draft(transaction, draft, { type: 'release', content: {} }),
  );
  await makerEvents.approve(eventId, 'p2', { correlationId: newId() });
}

const madeBy = (makerId: string) => ({
  portions: [
    { lotId: 'L1', quantity: 1, unitCost: 0, measure: 'hours' as const, contributions: [{ makerId, weight: '1' }] },
  ],
});

/** What four instances at once have told since. */
async function told(count: number) {
  const service = ledger.app.get(CustodyEndsService, { strict: false });
  await Promise.all(Array.from({ length: 4 }, () => service.tell(10)));
  await eventually(
    () => Catalogue.heard.length,
    (heard) => heard >= count,
  );
  return Catalogue.heard.splice(0).map(({ data }) => data);
}

it('whoever was released two years ago and is owed nothing is told of, once', async () => {
  const lately = new Date(Date.now() - 700 * 86_400_000).toISOString();
  await ledger.sell({ orderRef: 'owed', placedAt: '2023-12-05T03:00:00Z', lines: [madeBy('M-owed')] });
  await ledger.database.query(
    `INSERT INTO contribution (lot_id, maker_id, facility_id, region, recorded_at)
     VALUES ('L-before', 'M-gone', 'F1', 'Bali', '2023-12-01'), ('L-after', 'M-back', 'F1', 'Bali', '2025-01-01')`,
  );
  for (const makerId of ['M-gone', 'M-owed', 'M-back']) await release(makerId, '2024-01-05T03:00:00Z');
  await release('M-lately', lately);
  expect(await told(1)).toEqual([{ makerId: 'M-gone', releasedOn: '2024-01-05' }]);

  await ledger.refund({ orderRef: 'owed', amount: 100_000, occurredAt: '2024-02-01T03:00:00Z' });
  expect(await told(1)).toEqual([{ makerId: 'M-owed', releasedOn: '2024-01-05' }]);

  await release('M-gone', '2024-03-01T03:00:00Z'); // who had come back, and made nothing
  expect(await told(1)).toEqual([{ makerId: 'M-gone', releasedOn: '2024-03-01' }]);
  expect(await ledger.database.query('SELECT maker_id FROM custody_end_told ORDER BY told_at')).toHaveLength(3);
});
