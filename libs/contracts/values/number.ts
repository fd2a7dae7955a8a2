import { type Fault, fault, type Judgement, type Kind, textKind } from './kind.ts';

/** Numbers are whole and exact: above 2^53-1 a JSON number is neither. */

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly description: string;
  /** 0 is within the bounds and still none. */
  readonly isNotZero?: boolean;
}

export function whole({ min, max, description, isNotZero = false }: Bounds): Kind<number> {
  const wrong: Fault = fault(
    'not-a-whole-number',
    `must be a whole number from ${min} to ${max}${isNotZero ? ', not 0' : ''}`,
    `harus berupa bilangan bulat dari ${min} sampai ${max}${isNotZero ? ', bukan 0' : ''}`,
    { min, max },
  );
  const holds = (value: unknown): value is number =>
    Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max && !(isNotZero && value === 0);
  // Plus 0: no -0, which would compare unequal to 0.
  const judge = (value: unknown): Judgement<number> => (holds(value) ? { value: value + 0 } : { fault: wrong });
  // 19 digits and more would be rounded before they are compared.
  const read = (text: string): Judgement<number> =>
    /^-?\d{1,16}$/.test(text) ? judge(Number(text)) : { fault: wrong };
  const published = { type: 'integer' as const, minimum: min, maximum: max, description };
  return { published: isNotZero ? { ...published, not: { enum: [0] } } : published, judge, read };
}

const RUPIAH_MAX = Number.MAX_SAFE_INTEGER;

export const Money = whole({ min: 0, max: RUPIAH_MAX, description: 'whole rupiah (IDR)' });
/** An amount that is moved. */
export const PositiveMoney = whole({ min: 1, max: RUPIAH_MAX, description: 'whole rupiah (IDR)' });
export const SignedMoney = whole({
  min: -RUPIAH_MAX,
  max: RUPIAH_MAX,
  description: 'whole rupiah (IDR), negative when taken back',
});
/** One side of a posting. */
export const EntryAmount = whole({
  min: -RUPIAH_MAX,
  max: RUPIAH_MAX,
  description: 'whole rupiah (IDR): debit positive, credit negative',
  isNotZero: true,
});
export const Units = whole({ min: 1, max: 1_000_000_000, description: 'pieces' });
/** What there is of something, perhaps nothing. */
export const Pieces = whole({ min: 0, max: 1_000_000_000, description: 'pieces' });
/** A count that the databases keep as an integer. */
export const Ordinal = whole({ min: 1, max: 2_147_483_647, description: 'n-th, from 1' });

const decimal = /^0*(\d{1,12})(?:\.(\d{1,3}))?$/;

/** What a maker contributed: an exact decimal, kept in its shortest writing. */
export const Weight: Kind<string> = textKind(
  {
    minLength: 1,
    maxLength: 30,
    pattern: '^\\d+(\\.\\d{1,3})?$',
    description: 'exact decimal, in the measure of the lot',
  },
  (text) =>
    text.length <= 30 && decimal.test(text)
      ? undefined
      : fault(
          'not-a-decimal',
          'must be a decimal of 0 or more, with up to 12 digits before the point and 3 after it, such as 7.5',
          'harus berupa bilangan desimal 0 atau lebih, paling banyak 12 angka di depan titik dan 3 di belakangnya, misalnya 7.5',
        ),
  (text) => {
    const [, integer, fraction = ''] = decimal.exec(text) ?? [];
    if (integer === undefined) return text;
    const digits = fraction.replace(/0+$/, '');
    return digits === '' ? integer : `${integer}.${digits}`;
  },
);
