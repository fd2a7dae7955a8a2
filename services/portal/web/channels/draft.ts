import type { ChannelFee, ChannelTerms } from '../api/answers.ts';
import { basisPointsOf, percentOf, wholeOf } from '../kit/written.ts';

/** What a channel charges and bears as it is written in a form: text, until the service has judged it. */
export interface TermsDraft {
  /** YYYY-MM-DD in Jakarta. */
  readonly from: string;
  /** Percent. */
  readonly sellersPartOfDiscount: string;
  readonly shippingBorneBy: string;
  readonly fees: readonly FeeDraft[];
  /** Percent and rupiah; both empty: to the rupiah. */
  readonly tolerance: string;
  readonly toleranceMost: string;
  /** Days; empty: when the channel reports settlement. */
  readonly returnWindow: string;
  /** Days; empty: as many as the ledger waits. */
  readonly settlesWithin: string;
  /** An address; empty: nowhere. */
  readonly outcomesTo: string;
  /** What the form does not show. */
  readonly kept: Readonly<Record<string, unknown>>;
}

export interface FeeDraft {
  /** Of the form, as names are being typed. */
  readonly key: string;
  readonly name: string;
  /** Percent, or percents by class: `A 8; B 5,75; * 4,25`. */
  readonly rate: string;
  readonly fixed: string;
  readonly min: string;
  readonly max: string;
  readonly vat: string;
}

let fees = 0;

export function newFee(): FeeDraft {
  fees += 1;
  return { key: `fee-${fees}`, name: '', rate: '', fixed: '', min: '', max: '', vat: '' };
}

/** Of a channel without any: the seller bears what there is, and what it takes a checkout says. */
export const noTerms: ChannelTerms = { sellersPartOfDiscountBp: 10_000, shippingBorneBy: 'seller', fees: [] };

export function draftOf(terms: ChannelTerms, from: string): TermsDraft {
  const { sellersPartOfDiscountBp, shippingBorneBy, tolerance, fees: charged, ...others } = terms;
  const { returnWindowDays, settlesWithinDays, outcomesTo = '', ...kept } = others;
  return {
    ...{ from, shippingBorneBy, outcomesTo, kept, sellersPartOfDiscount: percentOf(sellersPartOfDiscountBp) },
    fees: charged.map(feeDraft),
    tolerance: tolerance ? percentOf(tolerance.bp) : '',
    toleranceMost: written(tolerance?.most),
    returnWindow: written(returnWindowDays),
    settlesWithin: written(settlesWithinDays),
  };
}

function feeDraft({ name, bp, fixed, min, max, vatBp }: ChannelFee): FeeDraft {
  const amounts = { fixed: written(fixed), min: written(min), max: written(max) };
  return { ...newFee(), name, rate: ratesWritten(bp), ...amounts, vat: vatBp === undefined ? '' : percentOf(vatBp) };
}

/** As orders takes it. What is no number goes as it is, for the service to say so. */
export function bodyOf(draft: TermsDraft, version: number) {
  const { from, sellersPartOfDiscount, shippingBorneBy, tolerance, toleranceMost, kept } = draft;
  const { returnWindow, settlesWithin, outcomesTo } = draft;
  return {
    ...kept,
    ...{ version, effectiveFrom: `${from}T00:00:00+07:00`, shippingBorneBy },
    sellersPartOfDiscountBp: basisPointsOf(sellersPartOfDiscount),
    fees: draft.fees.map(feeOf),
    ...((tolerance || toleranceMost) && {
      tolerance: { bp: basisPointsOf(tolerance), most: wholeOf(toleranceMost) },
    }),
    ...(returnWindow && { returnWindowDays: wholeOf(returnWindow) }),
    ...(settlesWithin && { settlesWithinDays: wholeOf(settlesWithin) }),
    ...(outcomesTo && { outcomesTo }),
  };
}

function feeOf({ name, rate, fixed, min, max, vat }: FeeDraft) {
  return {
    name,
    ...(rate && { bp: ratesOf(rate) }),
    ...(fixed && { fixed: wholeOf(fixed) }),
    ...(min && { min: wholeOf(min) }),
    ...(max && { max: wholeOf(max) }),
    ...(vat && { vatBp: basisPointsOf(vat) }),
  };
}

/** `8` is one rate; `A 8; B 5,75; * 4,25` is one for each class, and `*` for all others. */
export function ratesOf(text: string): number | string | Readonly<Record<string, number | string>> {
  const one = basisPointsOf(text);
  if (typeof one === 'number') return one;
  const byClass = text.split(';').map((part) => /^\s*(\S.*?)\s+(\S+)\s*$/.exec(part));
  if (byClass.includes(null)) return text;
  return Object.fromEntries(byClass.map((found) => [found?.[1] ?? '', basisPointsOf(found?.[2] ?? '')]));
}

function ratesWritten(bp: ChannelFee['bp']): string {
  if (bp === undefined) return '';
  if (typeof bp === 'number') return percentOf(bp);
  return Object.entries(bp)
    .map(([feeClass, rate]) => `${feeClass} ${percentOf(rate)}`)
    .join('; ');
}

function written(whole: number | undefined): string {
  return whole === undefined ? '' : String(whole);
}
