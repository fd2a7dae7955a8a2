/** How whole rupiah and counts are written. Nothing here adds: every figure comes from a service. */
export type Language = 'id' | 'en';

const MINUS = '\u2212';
const SEPARATOR: Record<Language, string> = { id: '.', en: ',' };

/** `Rp1.140.000`, in English `Rp1,140,000`; a debt has a true minus. */
export function money(amount: number, language: Language): string {
  return `${amount < 0 ? MINUS : ''}Rp${grouped(Math.abs(amount), language)}`;
}

export function count(value: number, language: Language): string {
  return `${value < 0 ? MINUS : ''}${grouped(Math.abs(value), language)}`;
}

/** For axes only, where a digit less is a line less: `1,2 jt`, in English `1.2m`. */
export function axisMoney(amount: number, language: Language): string {
  const digits = (value: number) => String(Math.round(value * 10) / 10).replace('.', language === 'id' ? ',' : '.');
  const size = Math.abs(amount);
  const sign = amount < 0 ? MINUS : '';
  const unit =
    language === 'id'
      ? { billion: ' M', million: ' jt', thousand: ' rb' }
      : { billion: 'bn', million: 'm', thousand: 'k' };
  if (size >= 1e9) return `${sign}${digits(size / 1e9)}${unit.billion}`;
  if (size >= 1e6) return `${sign}${digits(size / 1e6)}${unit.million}`;
  if (size >= 1e3) return `${sign}${digits(size / 1e3)}${unit.thousand}`;
  return `${sign}${size}`;
}

/** An exact decimal of a service, such as `78374.85`, as the reader writes it. */
export function decimal(text: string, language: Language): string {
  const [whole = '0', fraction] = text.replace('-', '').split('.');
  const point = language === 'id' ? ',' : '.';
  return `${text.startsWith('-') ? MINUS : ''}${grouped(whole, language)}${fraction ? point + fraction : ''}`;
}

/** `35 %`, `12,5 %`; what is no round percentage as a fraction, `1/3`. */
export function percentage({ num, den }: { readonly num: number; readonly den: number }, language: Language): string {
  const thousandths = (num * 100_000) / den;
  if (!Number.isInteger(thousandths)) return `${num}/${den}`;
  return `${decimal(String(thousandths / 1000), language)} %`;
}

function grouped(digits: number | string, language: Language): string {
  return String(digits).replace(/\B(?=(\d{3})+$)/g, SEPARATOR[language]);
}
