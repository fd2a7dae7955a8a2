import { useLingui } from '@lingui/react/macro';
import { useLanguage } from '../frame/language.tsx';
import { day, firstDayOf, lastDayOf, monthAfter, monthName, thisMonth } from './day.ts';
import { Phrase } from './sentence-filter.tsx';

const MONTHS = 36;

interface Days {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface MonthPhraseOf extends Days {
  readonly onChange: (from: string | undefined, to: string | undefined) => void;
}

/** Days as a month; days that are none, as a link may have them, are said as they are. */
export function MonthPhrase({ from, to, onChange }: MonthPhraseOf) {
  const { t } = useLingui();
  const { language } = useLanguage();
  const months = Array.from({ length: MONTHS }, (_, index) => monthAfter(thisMonth(), -index));
  const month = monthOf({ from, to });
  const other =
    (from || to) && !month ? `${from ? day(from, language) : '…'} – ${to ? day(to, language) : '…'}` : undefined;
  const choices = months.map((value) => ({ value, label: monthName(value, language) }));
  return (
    <Phrase
      label={t`Bulan`}
      unset={t`semua waktu`}
      value={month ?? other}
      choices={other ? [...choices, { value: other, label: other }] : choices}
      onChange={(chosen) => (chosen ? onChange(firstDayOf(chosen), lastDayOf(chosen)) : onChange(undefined, undefined))}
    />
  );
}

/** The month that these days are, all of it. */
export function monthOf({ from, to }: Days): string | undefined {
  const month = from?.slice(0, 7);
  return month && from === firstDayOf(month) && to === lastDayOf(month) ? month : undefined;
}
