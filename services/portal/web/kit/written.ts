/** What people write in forms, as services take it. */

/** `182.000` and `182 000` are 182000; what is no number goes as it is, for the service to say so. */
export function wholeOf(text: string): number | string {
  const digits = text.replace(/[\s.]/g, '');
  return /^-?\d+$/.test(digits) ? Number(digits) : text;
}

/** `12,5` percent are 1,250 basis points; what is no percentage goes as it is. */
export function basisPointsOf(text: string): number | string {
  const [, whole, fraction = ''] = /^\s*(\d{1,3})(?:[.,](\d{1,2}))?\s*%?\s*$/.exec(text) ?? [];
  return whole ? Number(whole) * 100 + Number(fraction.padEnd(2, '0')) : text;
}

/** 1,250 basis points as people write them: `12,5`. */
export function percentOf(bp: number): string {
  return String(bp / 100).replace('.', ',');
}

/** People write a comma where decimals have a point. */
export function decimalOf(text: string): string {
  return text.trim().replace(',', '.');
}
