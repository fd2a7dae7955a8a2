import { LocalDate, Month, oneOf, StoredText, Year } from '#libs/contracts';
import { Parameter } from '#libs/http';
import type { Language } from './report.ts';

const formats = ['json', 'csv', 'xlsx', 'pdf'] as const;
const languages: readonly Language[] = ['id', 'en'];

export class ReportQuery {
  @Parameter(oneOf(formats), { optional: true, default: 'json' })
  readonly format: (typeof formats)[number] = 'json';

  @Parameter(oneOf(languages), { optional: true, default: 'id', description: 'of the headings' })
  readonly language: Language = 'id';

  @Parameter(StoredText, { optional: true, description: 'only journals of this facility; default: all' })
  readonly facilityId?: string;

  @Parameter(LocalDate, {
    optional: true,
    description: 'first posting date; balances have what was before as well',
  })
  readonly from?: string;

  @Parameter(LocalDate, { optional: true, description: 'last posting date; default: until now' })
  readonly to?: string;

  @Parameter(Month, { optional: true, example: '2026-01', description: 'in place of `from` and `to`' })
  readonly month?: string;

  @Parameter(Year, { optional: true, example: '2026', description: 'in place of `from` and `to`' })
  readonly year?: string;
}
