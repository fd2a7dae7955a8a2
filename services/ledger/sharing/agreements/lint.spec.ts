import { describe, expect, it } from '@jest/globals';
import type { Agreement, Level, Step } from './agreement.ts';
import { id1990 } from './id-1990.ts';
import { AgreementError, agreementFrom } from './lint.ts';

const rest: Step = { id: 'rest', take: 'rest', to: 'facility' };
const wages: Step = { id: 'own', take: 'rest', to: 'wages' };
const sale = (...steps: Step[]): Agreement => ({ ...id1990, sale: { steps } });
const maker = (level: Level): Agreement => ({ ...id1990, maker: level });
const half = { rate: { bp: 5000 } };
const percent = (id: string, bp: number): Step => ({ id, take: { rate: { bp } }, of: 'basis', to: 'state' });

function problemsOf(draft: unknown): string {
  try {
    agreementFrom(draft);
    return 'none';
  } catch (error) {
    if (error instanceof AgreementError) return error.message;
    throw error;
  }
}

describe('a draft agreement', () => {
  it('is taken when it is sound', () => {
    expect(problemsOf(JSON.parse(JSON.stringify(id1990)))).toBe('none');
  });

  it.each<[string, unknown, string]>([
    ['is no agreement', [], 'must be object'],
    ['lacks its basis', { ...id1990, basis: undefined }, 'basis'],
    ['has an unknown field in a step', sale({ ...rest, mx: 1 } as Step), 'step "rest"'],
    ['has a fraction of a rupiah', sale({ ...rest, id: 'a', max: 0.5 }, rest), 'step "a": sale/steps/0/max'],
    ['has a rate above 100 %', sale({ id: 'a', take: { rate: { bp: 10_001 } }, to: 'state' }, rest), 'step "a"'],
    ['has an unknown destination', sale({ ...rest, to: 'warden' }), 'step "rest": sale/steps/0/to must be makers,'],
    ['has an id out of its grammar', { ...id1990, id: 'id-1990' }, 'id must be 1 to 40 capital letters A-Z, digits'],
    ['has a step’s id out of its grammar', sale({ ...rest, id: 'Rest' }), 'must be 1 to 40 small letters a-z, digits'],
  ])('is refused when it %s', (_, draft, message) => {
    expect(problemsOf(draft)).toContain(message);
  });
});

describe('S1: a level adds up', () => {
  it('because its last step is the rest', () => {
    expect(problemsOf(sale({ id: 'a', take: half, to: 'state' }))).toContain(
      'step "a": the last step must take the rest',
    );
  });

  it.each<[string, Step]>([
    ['a maximum', { ...wages, max: 5 }],
    ['a period cap', { ...wages, maxPerPeriod: { amount: 5, per: 'week' } }],
    ['a ceiling', { ...wages, maxPot: 5 }],
  ])('and has no limit, such as %s', (_, last) => {
    expect(problemsOf(maker({ steps: [last] }))).toContain('step "own": the last step must take the rest');
  });

  it('nor an aggregate cap', () => {
    const level = { steps: [wages], caps: [{ id: 'c', rate: { bp: 8000 }, steps: ['own'] }] };
    expect(problemsOf(maker(level))).toContain('step "own": the last step must take the rest');
  });
});

describe('unreachable steps', () => {
  it('come after an unlimited rest', () => {
    expect(problemsOf(sale({ ...rest, id: 'first' }, rest))).toContain('step "rest": unreachable: step "first"');
  });

  it('come after 100 % of what remains', () => {
    const all: Step = { id: 'all', take: { rate: { num: 7, den: 7 } }, to: 'state' };
    expect(problemsOf(sale(all, rest))).toContain('step "rest": unreachable: step "all"');
  });

  it('are own steps when nothing goes to makers', () => {
    expect(problemsOf({ ...sale(rest), maker: { steps: [wages] } })).toContain('own steps are unreachable');
  });
});

describe('S2: shares of one amount are one step', () => {
  it('percentages of the basis that make 100 % in separate steps are refused', () => {
    expect(problemsOf(sale(percent('a', 6000), percent('b', 4000), rest))).toContain('step "b"');
    expect(problemsOf(sale(percent('a', 6000), percent('b', 4000), rest))).toContain('make 100 %');
  });

  it('more than 100 % is refused', () => {
    expect(problemsOf(sale(percent('a', 6000), percent('b', 4001), rest))).toContain('make more than 100 %');
  });

  it.each([
    [5000, 'less'],
    [6001, 'more'],
  ])('a group of 40 % and %p bp makes %s than 100 %', (bp, than) => {
    const to = [
      { to: 'facility', rate: { bp: 4000 } },
      { to: 'state', rate: { bp } },
    ];
    expect(problemsOf(sale({ ...rest, to }))).toContain(`step "rest": the shares of the group make ${than} than 100 %`);
  });

  it('thirds make 100 %, exactly', () => {
    const third = { num: 1, den: 3 };
    const to = ['facility', 'state', 'beneficiary:fund'].map((each) => ({ to: each, rate: third }));
    expect(problemsOf(sale({ ...rest, to }))).toBe('none');
  });

  it('a group names a destination once', () => {
    const to = [half, half].map(({ rate }) => ({ to: 'state', rate }));
    expect(problemsOf(sale({ ...rest, to }))).toContain('step "rest": the group names a destination twice');
  });
});

describe('steps that make no sense are refused by name', () => {
  const bands = (...upTo: (number | undefined)[]): Step => ({
    id: 'a',
    take: { bands: upTo.map((bound) => ({ ...(bound !== undefined && { upTo: bound }), rate: { bp: 100 } })) },
    to: 'state',
  });

  it.each<[string, Agreement, string]>([
    ['ids are unique', sale({ ...rest, max: 1 }, rest), 'another step has the same id'],
    ['bands end open', sale(bands(1, 2), rest), 'the last band must be open'],
    ['bands ascend', sale(bands(2, 2, undefined), rest), 'ascending'],
    [
      'rates are at most 100 %',
      sale({ id: 'a', take: { bands: [{ rate: { num: 8, den: 7 } }] }, to: 'state' }, rest),
      'above 100 %',
    ],
    ['min is not above max', sale({ ...percent('a', 1), min: 2, max: 1 }, rest), 'min is above max'],
    ['wages are no destination of the sale', sale({ ...rest, to: 'wages' }), 'belong to own steps'],
    ['makers are no destination of own steps', maker({ steps: [{ ...wages, to: 'makers' }] }), 'cannot give to makers'],
    ['own steps know no units', maker({ steps: [{ id: 'a', take: { perUnit: 1 }, to: 'wages' }, wages] }), 'units'],
    ['the sale counts over no period', sale({ ...percent('a', 1), per: 'week' }, rest), 'only own steps can count'],
    ['a rest counts over no period', maker({ steps: [{ ...wages, per: 'week' }] }), 'only rates, bands and fixed'],
    ['only a beneficiary is owed', maker({ steps: [{ ...wages, id: 'a', maxOwed: true }, wages] }), 'beneficiary'],
    ['no ceiling for the state', sale({ ...percent('a', 1), maxPot: 1 }, rest), 'filled up to a ceiling'],
  ])('%s', (_, draft, message) => {
    expect(problemsOf(draft)).toMatch(new RegExp(`step "\\w+": .*${message}`));
  });

  it('a cap names steps of its level', () => {
    const caps = [{ id: 'c', rate: { bp: 8000 }, steps: ['shares'] }];
    expect(problemsOf(maker({ steps: [wages], caps }))).toContain('step "shares": cap "c" names a step');
  });
});
