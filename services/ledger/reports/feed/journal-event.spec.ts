import { expect, it } from '@jest/globals';
import { FEED_ENTRIES_MAX, journalPosted } from '#libs/contracts';
import { newEvent, newId, toMessage } from '#libs/messaging/kafka';
import { RECORD_BYTES_MAX, recordBytes } from '../../../../libs/messaging/record-size.ts';
import { eventDataOf, type FedEntry, type FedJournal } from './journal-event.ts';

const journal = (entries: readonly FedEntry[]): FedJournal => ({
  ...{ facilityId: 'F1', number: 7, journalId: newId(), kind: 'sale', postedOn: '2026-01-05', hash: 'a'.repeat(64) },
  ...{ occurredAt: new Date(), recordedAt: new Date(), sourceReference: 'blanja/1001@F1', correlationId: newId() },
  ...{ reverses: null, agreement: { id: 'ID-1990', version: 1 }, entries, sold: null },
});

/** As long as contracts let each text be, in characters of four bytes where any is allowed. */
const longest: FedEntry = {
  account: `channel:${'c'.repeat(40)}:receivable@${'F'.repeat(60)}`,
  amount: -Number.MAX_SAFE_INTEGER,
  version: Number.MAX_SAFE_INTEGER,
  balance: -Number.MAX_SAFE_INTEGER,
  lineRef: '🎉'.repeat(100),
  step: 's'.repeat(100),
};

it.each([0, 1, FEED_ENTRIES_MAX, FEED_ENTRIES_MAX + 1, 5 * FEED_ENTRIES_MAX])(
  'a journal of %i entries is told whole, in parts that a topic takes',
  (count) => {
    const entries = Array.from({ length: count }, (_, index) => ({ ...longest, version: index + 1 }));
    const parts = eventDataOf(journal(entries));
    expect(parts.flatMap((part) => part.entries)).toEqual(entries);
    expect(parts.map(({ part, parts: of }) => [part, of])).toEqual(parts.map((_, index) => [index + 1, parts.length]));
    for (const data of parts) {
      const message = toMessage(newEvent(journalPosted, data, { correlationId: newId() }));
      expect(recordBytes(message)).toBeLessThan(RECORD_BYTES_MAX / 2);
    }
  },
);
