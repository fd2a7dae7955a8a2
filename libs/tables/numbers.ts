import { type Fault, fault, type Judgement } from '#libs/contracts';

/*
 * Numbers as people in Indonesia write them, put into the plain writing of the contracts, or refused where they could
 * mean two things. Thousands stand in groups of three:
 *
 * | written | rupiah | pieces | decimals (hours, kilograms) |
 * |---|---|---|---|
 * | `1250000`, `1.250.000`, `1,250,000` | 1250000 | 1250000 | 1250000 |
 * | `Rp 1.250.000`, `Rp1.250.000,-` | 1250000 | refused | refused |
 * | `1.250.000,00`, `1250,00`, `1250.0` | whole | whole | as written |
 * | `1.250` | 1250: rupiah have no thousandths | refused | 1.25 |
 * | `1,250` | refused | refused | 1.25 |
 * | `1,5`, `1.5` | refused | refused | 1.5 |
 */
export type Writing = (text: string) => Judgement<string>;

const GROUPED = /^(-?\d{1,3}(?:([.,])\d{3})(?:\2\d{3})+)(?:(?!\2)[.,](\d+))?$/;
const ONE_GROUP_AND_FRACTION = /^(-?\d{1,3})([.,])(\d{3})(?!\2)[.,](\d+)$/;
const PLAIN = /^(-?\d+)(?:[.,](\d+))?$/;
const SCIENTIFIC = /^[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+$/;

/** Whole rupiah. */
export const rupiahAsWritten: Writing = (text) => {
  const amount = text.replace(/^(?:Rp\.?|IDR)\s*/i, '').replace(/,-$/, '');
  if (/^-?\d{1,3}\.\d{3}$/.test(amount)) return { value: amount.replace('.', '') };
  return wholeAsWritten(amount, {
    ...fault(
      'not-rupiah',
      'must be whole rupiah, such as 1250000 or Rp 1.250.000',
      'harus rupiah bulat, misalnya 1250000 atau Rp 1.250.000',
    ),
  });
};

/** Pieces. */
export const piecesAsWritten: Writing = (text) =>
  wholeAsWritten(
    text,
    fault(
      'not-pieces',
      'must be whole pieces in digits alone, such as 1250: a dot or comma could mean thousands or parts of a piece',
      'harus jumlah barang utuh dengan angka saja, misalnya 1250: titik atau koma dapat berarti ribuan atau pecahan',
    ),
  );

/** Up to three decimals, behind a comma or a dot. */
export const decimalAsWritten: Writing = (text) => {
  const scientific = faultOfScientific(text);
  if (scientific) return { fault: scientific };
  const { whole, fraction } = groups(text) ?? plain(text) ?? {};
  if (whole === undefined) return { value: text };
  return { value: fraction === undefined ? whole : `${whole}.${fraction}` };
};

function wholeAsWritten(text: string, wrong: Fault): Judgement<string> {
  const scientific = faultOfScientific(text);
  if (scientific) return { fault: scientific };
  const { whole, fraction = '' } = groups(text) ?? plain(text) ?? {};
  // Two zeros at most: three could be thousands.
  return whole !== undefined && /^0{0,2}$/.test(fraction) ? { value: whole } : { fault: wrong };
}

function groups(text: string): { whole: string; fraction?: string } | undefined {
  const [, whole, , fraction] = GROUPED.exec(text) ?? [];
  if (whole !== undefined) return numberOf(whole.replace(/[.,]/g, ''), fraction);
  const [, thousands, , units, parts] = ONE_GROUP_AND_FRACTION.exec(text) ?? [];
  return thousands === undefined ? undefined : numberOf(`${thousands}${units}`, parts);
}

function plain(text: string): { whole: string; fraction?: string } | undefined {
  const [, whole, fraction] = PLAIN.exec(text) ?? [];
  return whole === undefined ? undefined : numberOf(whole, fraction);
}

function numberOf(whole: string, fraction: string | undefined): { whole: string; fraction?: string } {
  return fraction === undefined ? { whole } : { whole, fraction };
}

function faultOfScientific(text: string): Fault | undefined {
  if (!SCIENTIFIC.test(text)) return undefined;
  return fault(
    'scientific-notation',
    'is in scientific notation, in which a spreadsheet shows what its column has no room for; write all digits',
    'memakai notasi ilmiah, cara spreadsheet menampilkan angka yang tidak muat di kolomnya; tulis semua angkanya',
  );
}
