import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Agreement, Step } from '../agreements/agreement.ts';
import { id1990 } from '../agreements/id-1990.ts';
import { agreementFrom } from '../agreements/lint.ts';
import { makersOf, memoryNeeded, noMemory, undo } from '../memory/memory.ts';
import type { Sale, SaleLine, SalePortion } from './sale.ts';
import { share } from './waterfall.ts';

const day = '2026-01-05';

const lot = (lotId: string, makers: string[], more: Partial<SalePortion> = {}): SalePortion => ({
  lotId,
  quantity: 1,
  unitCost: 0,
  measure: 'hours',
  contributions: makers.map((makerId) => ({ makerId, weight: '1' })),
  ...more,
});
const line = (unitPrice: number, portions: SalePortion[], more: Partial<SaleLine> = {}): SaleLine => ({
  lineRef: '1',
  quantity: portions.reduce((sum, { quantity }) => sum + quantity, 0),
  unitPrice,
  discount: 0,
  fees: 0,
  shipping: 0,
  tax: 0,
  portions,
  ...more,
});
const sale = (...lines: SaleLine[]): Sale => ({ channel: 'blanja', orderRef: 'W1', facilityId: 'F1', lines });
const own = (...steps: Step[]): Agreement =>
  agreementFrom({
    ...id1990,
    sale: { steps: [{ id: 'premi', take: 'rest', to: 'makers' }] },
    maker: { steps: [...steps, { id: 'own', take: 'rest', to: 'wages' }] },
  });
const shared = (steps: Step[]): Agreement =>
  agreementFrom({ ...id1990, sale: { steps: [...steps, { id: 'last', take: 'rest', to: 'makers' }] } });

const creditsOf = (of: Sale, agreement: Agreement, memory = noMemory) =>
  share(of, agreement, day, memory).lines.map(({ credits }) =>
    Object.fromEntries(credits.map(({ name, amount }) => [name, amount])),
  );

describe('any sale by any agreement', () => {
  const amount = fc.oneof(fc.nat(10), fc.nat(1_000_000));
  const rate = fc.nat(3000).map((bp) => ({ bp }));
  const take: fc.Arbitrary<Step['take']> = fc.oneof(
    rate.map((each) => ({ rate: each })),
    amount.map((fixed) => ({ fixed })),
    fc.tuple(fc.integer({ min: 1, max: 1_000_000 }), rate, rate).map(([upTo, low, high]) => ({
      bands: [{ upTo, rate: low }, { rate: high }],
    })),
  );
  const steps = (destinations: string[]) =>
    fc
      .array(
        fc.record({ take, of: fc.constantFrom('basis' as const, 'remaining' as const), max: amount, at: fc.nat(9) }),
        { maxLength: 3 },
      )
      .map((all) =>
        all.map(
          ({ at, ...step }, index): Step => ({
            ...step,
            id: `s${index}`,
            to: destinations[at % destinations.length] ?? '',
          }),
        ),
      );
  const agreements = fc
    .record({
      basis: fc.constantFrom('gross' as const, 'net-of-fees' as const, 'net-of-costs' as const),
      atSale: steps(['facility', 'state', 'beneficiary:fund', 'makers']),
      ofMaker: fc.option(steps(['savings', 'beneficiary:fund', 'facility']), { nil: undefined }),
    })
    .map(({ basis, atSale, ofMaker }) => ({
      ...id1990,
      basis,
      sale: { steps: [...atSale, { ...id1990.sale.steps[0], id: 'shares' } as Step] },
      ...(ofMaker && {
        maker: {
          steps: [
            ...ofMaker.map((step) => ({ ...step, id: `own-${step.id}` })),
            { id: 'own', take: 'rest', to: 'wages' } as Step,
          ],
        },
      }),
    }));
  const contributions = fc
    .uniqueArray(fc.constantFrom('M1', 'M2', 'M3', 'M4'), { maxLength: 4 })
    .chain((makers) =>
      fc.tuple(...makers.map((makerId) => fc.nat(20).map((weight) => ({ makerId, weight: `${weight}.5` })))),
    );
  const portions = fc
    .array(fc.record({ quantity: fc.integer({ min: 1, max: 9 }), unitCost: amount, contributions }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((all) => all.map((each, index) => lot(`L${index}`, [], each)));
  const sales = fc
    .record({ unitPrice: amount, portions, fees: amount, shipping: amount, tax: amount, off: fc.nat(100) })
    .map(({ unitPrice, portions: lots, off, ...costs }) => {
      const whole = line(unitPrice, lots, costs);
      return sale({ ...whole, discount: Math.floor((unitPrice * whole.quantity * off) / 100) });
    });

  it('is shared to the rupiah; only the facility can lose', () => {
    fc.assert(
      fc.property(sales, agreements, (each, agreement) => {
        agreementFrom(agreement);
        for (const { price, credits } of share(each, agreement, day).lines) {
          expect(credits.reduce((sum, credit) => sum + credit.amount, 0)).toBe(price);
          expect(new Set(credits.map(({ name }) => name)).size).toBe(credits.length);
          for (const { account, amount: credited, parts } of credits) {
            expect(credited > 0 || account === 'facility:F1:earnings-pending').toBe(true);
            if (parts.length > 0) expect(parts.reduce((sum, part) => sum + part.amount, 0)).toBe(credited);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order in which contributions are listed', () => {
    fc.assert(
      fc.property(sales, agreements, (each, agreement) => {
        const backwards = each.lines.map((of) => ({
          ...of,
          portions: of.portions.map((portion) => ({ ...portion, contributions: [...portion.contributions].reverse() })),
        }));
        expect(creditsOf({ ...each, lines: backwards }, agreement)).toEqual(creditsOf(each, agreement));
      }),
    );
  });
});

describe('U2: rupiah parameters are per order line', () => {
  it('min and max go to the portions by quantity', () => {
    const lots = [lot('LA', ['M1'], { quantity: 1 }), lot('LB', ['M2'], { quantity: 3 })];
    const min = shared([{ id: 'a', take: { rate: { bp: 0 } }, min: 1000, to: 'state' }]);
    const max = shared([{ id: 'a', take: { rate: { bp: 9000 } }, max: 1000, to: 'state' }]);
    for (const agreement of [min, max]) {
      expect(creditsOf(sale(line(10_000, lots)), agreement)).toEqual([
        { 'state:pnbp@F1': 1000, 'maker:M1:wages-pending': 9750, 'maker:M2:wages-pending': 29_250 },
      ]);
    }
  });
});

describe('U3: the basis', () => {
  it('of one lot is not lowered by a loss on another', () => {
    const lots = [lot('LA', ['M1'], { unitCost: 15_000 }), lot('LB', ['M2'], { unitCost: 4000 })];
    const [credits] = creditsOf(sale(line(10_000, lots)), id1990);
    expect(credits).toMatchObject({ 'facility:F1:cost-recovery': 14_000, 'maker:M2:wages-pending': 3000 });
    expect(credits).not.toHaveProperty('maker:M1:wages-pending');
  });

  it('of a free line is nothing', () => {
    expect(creditsOf(sale(line(10_000, [lot('LA', ['M1'])], { discount: 10_000 })), id1990)).toEqual([{}]);
  });
});

describe('S4: own steps', () => {
  const board = own({ id: 'board', take: { fixed: 3000 }, to: 'facility' });

  it('run once per order line, on what its lots gave together', () => {
    const twoLots = [lot('LA', ['M1']), lot('LB', ['M1'])];
    expect(creditsOf(sale(line(10_000, twoLots), line(10_000, twoLots, { lineRef: '2' })), board)).toEqual([
      { 'facility:F1:earnings-pending#board': 3000, 'maker:M1:wages-pending#own': 17_000 },
      { 'facility:F1:earnings-pending#board': 3000, 'maker:M1:wages-pending#own': 17_000 },
    ]);
  });

  it('of several makers to one account are one credit that knows its makers', () => {
    const [shares] = share(sale(line(10_000, [lot('LA', ['M2', 'M1'])])), board, day).lines;
    expect(shares?.credits).toContainEqual({
      name: 'facility:F1:earnings-pending#board',
      account: 'facility:F1:earnings-pending',
      step: 'board',
      amount: 6000,
      parts: [
        { name: 'maker:M1', amount: 3000 },
        { name: 'maker:M2', amount: 3000 },
      ],
    });
  });
});

describe('L4: lots without contributions', () => {
  it('are held by lot, beside lots that have makers', () => {
    const lots = [
      lot('LA', []),
      lot('LB', ['M1']),
      lot('LC', ['M1'], { contributions: [{ makerId: 'M1', weight: '0' }] }),
    ];
    const [shares] = share(sale(line(10_000, lots)), id1990, day).lines;
    expect(shares?.credits).toContainEqual({
      name: 'suspense@F1',
      account: 'suspense@F1',
      amount: 10_000,
      parts: [
        { name: 'LA', amount: 5000 },
        { name: 'LC', amount: 5000 },
      ],
    });
    expect(shares?.explanation.portions.map(({ makers }) => makers)).toMatchObject([null, [{ makerId: 'M1' }], null]);
  });

  it('measured as equal need no value', () => {
    const equal = lot('LA', [], { measure: 'equal', contributions: [{ makerId: 'M1', weight: '0' }] });
    expect(creditsOf(sale(line(10_000, [equal])), id1990)[0]).toMatchObject({ 'maker:M1:wages-pending': 5000 });
  });
});

describe('memory', () => {
  const levy = own({ id: 'levy', take: { rate: { bp: 1000 } }, per: 'month', max: 500, to: 'beneficiary:fund' });
  const restitution = own({ id: 'pay', take: { rate: { bp: 5000 } }, maxOwed: true, to: 'beneficiary:fund' });
  const of = (price: number) => sale(line(price, [lot('LA', ['M1'])]));

  it('P2: what a limit cut is caught up by later sales of the period', () => {
    const first = share(of(7000), levy, day);
    expect(first.lines[0]?.credits[0]).toMatchObject({ name: 'beneficiary:fund:payable@F1#levy', amount: 500 });
    expect(creditsOf(of(1000), levy, first.changes)[0]).toMatchObject({ 'beneficiary:fund:payable@F1#levy': 300 });
  });

  it('P2: rounding does not drift over many small sales', () => {
    let memory = noMemory;
    let taken = 0;
    for (let sold = 0; sold < 100; sold += 1) {
      const { lines, changes } = share(of(7), levy, day, memory);
      memory = changes; // of the one counter that there is
      taken += lines[0]?.credits.find(({ name }) => name.endsWith('#levy'))?.amount ?? 0;
    }
    expect(taken).toBe(70);
  });

  it('P3: never turns negative', () => {
    const back = [
      { owner: 'maker:M1', step: 'levy', account: 'beneficiary:fund:payable@F1', amount: 9, fromAccount: 9 },
    ];
    expect(undo(noMemory, levy, day, back).counters).toEqual({ 'maker:M1|levy|2026-01': { input: 0, taken: 0 } });
  });

  it('P4: a debt rises only by what came back from the beneficiary', () => {
    const memory = { ...noMemory, owed: { 'maker:M1|beneficiary:fund:payable': 0 } };
    const back = {
      owner: 'maker:M1',
      step: 'pay',
      account: 'beneficiary:fund:payable@F1',
      amount: 50,
      fromAccount: 20,
    };
    expect(undo(memory, restitution, day, [back]).owed).toEqual({ 'maker:M1|beneficiary:fund:payable': 20 });
  });

  it('P4: a balance that was not loaded is never guessed', () => {
    const { facilityId } = of(100);
    expect(memoryNeeded({ facilityId, makerIds: makersOf(of(100)) }, restitution, day)).toEqual({
      counters: [],
      owed: ['maker:M1|beneficiary:fund:payable'],
      pots: [],
    });
    expect(() => share(of(100), restitution, day)).toThrow(
      'the balance maker:M1|beneficiary:fund:payable was not loaded',
    );
  });

  it('is not needed by the default agreement', () => {
    expect(memoryNeeded({ facilityId: 'F1', makerIds: ['M1'] }, id1990, day)).toEqual({
      counters: [],
      owed: [],
      pots: [],
    });
    expect(share(of(100), id1990, day).changes).toEqual(noMemory);
  });
});

describe('figures', () => {
  it('of portions that are not the whole line are refused', () => {
    expect(() => share(sale(line(10, [lot('LA', ['M1'])], { quantity: 2 })), id1990, day)).toThrow('2 units');
  });

  it('above 2^53-1 are refused, never rounded', () => {
    const many = lot('LA', ['M1'], { quantity: 1_000_000_000 });
    expect(() => share(sale(line(10_000_000, [many])), id1990, day)).toThrow(RangeError);
  });
});
