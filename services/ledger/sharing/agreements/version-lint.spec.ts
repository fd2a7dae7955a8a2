import { describe, expect, it } from '@jest/globals';
import { id1990 } from './id-1990.ts';
import type { ApprovedAgreement, ScopeLevel } from './in-force.ts';
import { lintVersion } from './version-lint.ts';

function version(
  id: string,
  number: number,
  [from, until]: [from: string, until?: string],
  [scopeLevel, scopeId]: [ScopeLevel, string | null] = ['national', null],
): ApprovedAgreement {
  const effectiveFrom = new Date(`${from}T00:00:00Z`);
  const effectiveUntil = until === undefined ? null : new Date(`${until}T00:00:00Z`);
  return { agreement: { ...id1990, id, version: number }, scopeLevel, scopeId, effectiveFrom, effectiveUntil };
}

const messages = (draft: ApprovedAgreement, ...approved: ApprovedAgreement[]) => {
  const { problems, warnings } = lintVersion(draft, approved);
  return { problems: problems.map(({ message }) => message.en), warnings: warnings.map(({ message }) => message.en) };
};

describe('between versions', () => {
  it('a next version that takes over is sound', () => {
    expect(messages(version('A', 2, ['2026-01-01']), version('A', 1, ['1990-01-01']))).toEqual({
      problems: [],
      warnings: [],
    });
  });

  it('a version that is not later than what is approved is refused, and so is one of another scope', () => {
    expect(messages(version('A', 1, ['2026-01-01']), version('A', 2, ['2027-01-01'])).problems).toEqual([
      'A v2 is approved already: a later version is needed',
    ]);
    expect(
      messages(version('A', 2, ['2026-01-01'], ['facility', 'F1']), version('A', 1, ['1990-01-01'])).problems,
    ).toEqual(['A v1 has another scope: an agreement has one']);
  });

  it('two agreements of one scope must not overlap; of two scopes they may', () => {
    const f1: [ScopeLevel, string] = ['facility', 'F1'];
    const other = version('B', 1, ['2026-01-01', '2027-01-01'], f1);
    expect(messages(version('A', 1, ['2026-06-01'], f1), other).problems).toEqual([
      'overlaps B v1, of the same scope, from 2026-06-01T00:00:00.000Z until 2027-01-01T00:00:00.000Z',
    ]);
    expect(messages(version('A', 1, ['2027-01-01'], f1), other)).toEqual({ problems: [], warnings: [] });
    expect(messages(version('A', 1, ['2026-06-01'], ['facility', 'F2']), other).problems).toEqual([]);
    expect(messages(version('A', 1, ['2026-06-01']), other).problems).toEqual([]);
  });

  it.each([
    ['region', 'Bali', 'Papua'],
    ['programme', 'batik', 'meubelair'],
    ['product', 'SKU-1', 'SKU-2'],
  ] as const)('overlaps and gaps are found in the scope of a %s as in any other', (level, id, otherId) => {
    const draft = version('A', 1, ['2026-06-01'], [level, id]);
    expect(messages(draft, version('B', 1, ['2026-01-01', '2026-07-01'], [level, id])).problems).toEqual([
      'overlaps B v1, of the same scope, from 2026-06-01T00:00:00.000Z until 2026-07-01T00:00:00.000Z',
    ]);
    expect(messages(draft, version('B', 1, ['2026-01-01', '2026-05-01'], [level, id])).warnings).toEqual([
      'gap from 2026-05-01T00:00:00.000Z until 2026-06-01T00:00:00.000Z: the next wider scope rules',
    ]);
    const elsewhere = version('B', 1, ['2026-01-01'], [level, otherId]);
    expect(messages(draft, elsewhere)).toEqual({ problems: [], warnings: [] });
  });

  it('what a later version has superseded does not overlap any more', () => {
    const old = [version('B', 1, ['2020-01-01']), version('B', 2, ['2026-01-01', '2026-07-01'])];
    expect(messages(version('A', 1, ['2026-07-01']), ...old)).toEqual({ problems: [], warnings: [] });
  });

  it('gaps before and behind a draft are told', () => {
    const around = [version('B', 1, ['2020-01-01', '2025-01-01']), version('C', 1, ['2027-01-01'])];
    expect(messages(version('A', 1, ['2025-06-01', '2026-01-01']), ...around).warnings).toEqual([
      'gap from 2025-01-01T00:00:00.000Z until 2025-06-01T00:00:00.000Z: sales could not be shared',
      'gap from 2026-01-01T00:00:00.000Z until 2027-01-01T00:00:00.000Z: sales could not be shared',
    ]);
    expect(messages(version('A', 1, ['2025-06-01', '2026-01-01'], ['facility', 'F1'])).warnings).toEqual([
      'gap from 2026-01-01T00:00:00.000Z until further notice: the next wider scope rules',
    ]);
  });
});

it.each(['programme', 'product'] as const)('L3: a floor is of a facility’s makers, not of those of a %s', (level) => {
  const draft = version('A', 1, ['2026-01-01'], [level, 'X']);
  const agreement = { ...draft.agreement, floor: { amount: 700_000, per: 'month' as const } };
  expect(lintVersion({ ...draft, agreement }, []).problems).toMatchObject([
    { message: { en: expect.stringContaining('its floor would never be paid') } },
  ]);
});
