import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canonical } from '#libs/contracts';
import {
  factsOf,
  type HashedJournal,
  type Head,
  hashOfFacts,
  hashOfPart,
  link,
  type Part,
  partOf,
} from './hash-chain.ts';

const journal: HashedJournal = {
  journalId: '019c0000-0000-7000-8000-000000000001',
  facilityId: 'F1',
  kind: 'sale',
  postedOn: '2026-01-05',
  occurredAt: '2026-01-05T10:00:00+07:00',
  sourceEventId: '019c0000-0000-7000-8000-00000000000e',
  sourceReference: 'blanja/1001@F1',
  reverses: null,
  agreement: { id: 'ID-1990', version: 1 },
  correlationId: '019c0000-0000-7000-8000-00000000000c',
  source: '{"saleId":"blanja/1001@F1"}',
  entries: [
    { account: 'channel:blanja:receivable@F1', amount: 1_000_001, lineRef: null, step: null },
    { account: 'maker:M2:wages-pending', amount: -250_000, lineRef: '1', step: null },
    { account: 'maker:M1:savings', amount: -50_000, lineRef: '1', step: 'save' },
    { account: 'maker:M1:wages-pending', amount: -200_001, lineRef: '1', step: 'rest' },
    { account: 'facility:F1:earnings-pending', amount: -350_000, lineRef: '1', step: null },
    { account: 'state:pnbp@F1', amount: -150_000, lineRef: '1', step: null },
  ],
};
const place = { number: 1, previous: null, recordedAt: '2026-01-05T03:00:01.000Z' };

describe('facts of a journal', () => {
  it('are hashed as canonical JSON with SHA-256 as a leaf, to be computed again by anybody', () => {
    const facts = factsOf(journal, place);
    expect(hashOfFacts(facts)).toBe(hash('sha256', `\0${canonical(facts)}`, 'hex'));
    for (const [index, owner] of ['', 'maker:M1', 'maker:M2'].entries()) {
      const part = partOf(journal, owner) as Part;
      expect(facts.parts[index]).toBe(hash('sha256', canonical(part), 'hex'));
      expect(hashOfPart(part)).toBe(facts.parts[index]);
    }
    expect(facts.parts).toHaveLength(3);
  });

  it('never change: the hash of this journal is this', () => {
    expect(hashOfFacts(factsOf(journal, place))).toMatchInlineSnapshot(
      `"481e8b0a2ee209b0f27084618ca26758671f8c637b212130fd3793a7240336db"`,
    );
  });

  it('do not depend on the order of the entries, nor on how an instant or id is written', () => {
    const facts = factsOf(journal, place);
    expect(factsOf({ ...journal, entries: journal.entries.toReversed() }, place)).toEqual(facts);
    expect(factsOf({ ...journal, occurredAt: '2026-01-05T03:00:00.000Z' }, place)).toEqual(facts);
    expect(factsOf({ ...journal, correlationId: journal.correlationId.toUpperCase() }, place)).toEqual(facts);
  });

  it.each<[string, Partial<HashedJournal>]>([
    ['journalId', { journalId: '019c0000-0000-7000-8000-000000000002' }],
    ['facilityId', { facilityId: 'F2' }],
    ['kind', { kind: 'refund' }],
    ['postedOn', { postedOn: '2026-01-06' }],
    ['occurredAt', { occurredAt: '2026-01-05T03:00:00.001Z' }],
    ['sourceEventId', { sourceEventId: '019c0000-0000-7000-8000-00000000000f' }],
    ['sourceReference', { sourceReference: 'blanja/1002@F1' }],
    ['reverses', { reverses: '019c0000-0000-7000-8000-000000000000' }],
    ['agreement', { agreement: { id: 'ID-1990', version: 2 } }],
    ['no agreement', { agreement: null }],
    ['correlationId', { correlationId: '019c0000-0000-7000-8000-00000000000d' }],
    ['source', { source: '{"saleId": "blanja/1001@F1"}' }],
    ['an entry less', { entries: journal.entries.slice(1) }],
    ['an entry twice', { entries: [...journal.entries, ...journal.entries.slice(0, 1)] }],
    ['an amount', { entries: journal.entries.with(1, { ...at(1), amount: -250_001 }) }],
    ['an account', { entries: journal.entries.with(1, { ...at(1), account: 'maker:M3:wages-pending' }) }],
    ['a line', { entries: journal.entries.with(1, { ...at(1), lineRef: '2' }) }],
    ['a step', { entries: journal.entries.with(1, { ...at(1), step: 'rest' }) }],
  ])('hash otherwise when %s changes', (_, change) => {
    expect(hashOfFacts(factsOf({ ...journal, ...change }, place))).not.toBe(hashOfFacts(factsOf(journal, place)));
  });

  it('show one maker’s part without telling another’s', () => {
    expect(partOf(journal, 'maker:M3')).toBeUndefined();
    expect(partOf(journal, 'maker:M1')?.entries).toEqual([
      ['maker:M1:savings', '1', 'save', -50_000],
      ['maker:M1:wages-pending', '1', 'rest', -200_001],
    ]);
    expect(partOf(journal, 'maker:M1')?.salt).not.toBe(partOf(journal, 'maker:M2')?.salt);
    const facts = JSON.stringify(factsOf(journal, place));
    expect(facts).not.toMatch(/maker|wages|250000|019c0000-0000-7000-8000-00000000000[ce]/);
  });
});

describe('chain', () => {
  const next = (number: number, facilityId = 'F1'): HashedJournal => ({
    ...journal,
    journalId: `019c0000-0000-7000-8000-00000000001${number}`,
    facilityId,
  });
  const recordedAt = new Map([
    ['F1', '2026-01-05T03:00:01.000Z'],
    ['F2', '2026-01-05T03:00:02.000Z'],
  ]);
  const start = (): Map<string, Head> =>
    new Map([
      ['F1', { number: 0, hash: null }],
      ['F2', { number: 7, hash: 'f'.repeat(64) }],
    ]);

  it('of each facility goes on from its end, in the order given', () => {
    const heads = start();
    const links = link([next(1), next(2, 'F2'), next(3)], heads, recordedAt);
    expect(links.map(({ number }) => number)).toEqual([1, 8, 2]);
    expect(links[0]?.hash).toBe(hashOfFacts(factsOf(next(1), { ...place, number: 1 })));
    expect(links[2]?.hash).toBe(
      hashOfFacts(factsOf(next(3), { ...place, number: 2, previous: String(links[0]?.hash) })),
    );
    expect(heads.get('F1')).toEqual({ number: 2, hash: links[2]?.hash });
    expect(heads.get('F2')).toEqual({ number: 8, hash: links[1]?.hash });
  });

  it('is the same whether linked at once or one by one', () => {
    const [once, oneByOne] = [start(), start()];
    link([next(1), next(2), next(3)], once, recordedAt);
    for (const number of [1, 2, 3]) link([next(number)], oneByOne, recordedAt);
    expect(oneByOne).toEqual(once);
  });

  it('changes to its end when anything in it changes', () => {
    const [heads, changed] = [start(), start()];
    link([next(1), next(2), next(3)], heads, recordedAt);
    link([{ ...next(1), postedOn: '2026-01-04' }, next(2), next(3)], changed, recordedAt);
    expect(changed.get('F1')?.hash).not.toBe(heads.get('F1')?.hash);
    expect(changed.get('F2')).toEqual(heads.get('F2'));
  });

  it('refuses a facility whose end is not at hand', () => {
    expect(() => link([next(1, 'F3')], start(), recordedAt)).toThrow('F3');
  });
});

function at(index: number) {
  return journal.entries[index] as HashedJournal['entries'][number];
}
