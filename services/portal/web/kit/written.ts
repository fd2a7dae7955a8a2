/** What people write in forms, as services take it. */

/** `182.000` and `182 000` are 182000; what is no number goes as it is, for the service to say so. */
export function wholeOf(text: string): number | string {
  const digits = text.replace(/[\s.]/g, '');
  return /^-?\d+$/.test(digits) ? Number(digits) : text;
}

/** People write a comma where decimals have a point. */
export function decimalOf(text: string): string {
  return text.trim().replace(',', '.');
}
