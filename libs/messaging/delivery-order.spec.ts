import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Event } from '#libs/contracts';
import { deliveriesOf } from './delivery-order.ts';

const event = (type: string, key: string, id: number): Event => ({
  id: String(id),
  type,
  key,
  source: '/test',
  time: '2026-01-01T00:00:00Z',
  correlationId: 'c',
  data: {},
});

const batches = fc
  .array(fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.constantFrom('1', '2', '3', '4')), { maxLength: 60 })
  .map((pairs) => pairs.map(([type, key], index) => event(type, key, index)));

/** Each type has a handler of its own. */
const handlerOf = (type: string) => `on ${type}`;
const HANDLERS = ['on A', 'on B', 'on C'];

describe('deliveries of a batch', () => {
  it('hand over every event once, each to the handler of its type', () => {
    fc.assert(
      fc.property(batches, (events) => {
        const deliveries = deliveriesOf(events, handlerOf, HANDLERS);
        expect(deliveries.flatMap(({ events }) => events).sort((a, b) => Number(a.id) - Number(b.id))).toEqual(events);
        for (const delivery of deliveries) {
          expect(delivery.events.every(({ type }) => handlerOf(type) === delivery.handler)).toBe(true);
        }
      }),
    );
  });

  it('keep the order of each key', () => {
    fc.assert(
      fc.property(batches, (events) => {
        const delivered = deliveriesOf(events, handlerOf, HANDLERS).flatMap(({ events }) => events);
        for (const key of new Set(events.map(({ key }) => key))) {
          const ids = (list: Event[]) => list.filter((event) => event.key === key).map(({ id }) => id);
          expect(ids(delivered)).toEqual(ids(events));
        }
      }),
    );
  });

  it('go round the handlers in one order, whatever comes first: two instances lock in the same order', () => {
    fc.assert(
      fc.property(batches, (events) => {
        const places = deliveriesOf(events, handlerOf, HANDLERS).map(({ handler }) => HANDLERS.indexOf(handler));
        const ofOtherKeys = events.map((event, index) => ({ ...event, key: `other-${index}` }));
        const once = deliveriesOf(ofOtherKeys, handlerOf, HANDLERS).map(({ handler }) => HANDLERS.indexOf(handler));
        expect(once).toEqual(once.toSorted((a, b) => a - b));
        for (let turn = 1; turn < places.length; turn += 1) expect(places[turn]).not.toBe(places[turn - 1]);
      }),
    );
  });

  it('are few when types alternate over many keys', () => {
    const events = Array.from({ length: 100 }, (_, index) => event(index % 2 ? 'A' : 'B', `key-${index}`, index));
    expect(deliveriesOf(events, handlerOf, HANDLERS)).toHaveLength(2);
  });

  it('are one where types share a handler', () => {
    fc.assert(
      fc.property(batches, (events) => {
        expect(deliveriesOf(events, () => 'one for all', ['one for all']).flatMap(({ events }) => events)).toEqual(
          events,
        );
        expect(deliveriesOf(events, () => 'one for all', ['one for all']).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
