import { LocalDate, oneOf } from '#libs/contracts';
import { Parameter } from '#libs/http';

const formats = ['json', 'pdf'] as const;

export class MakerStatementQuery {
  @Parameter(LocalDate, { optional: true, description: 'first posting date; default: from the beginning' })
  from?: string;

  @Parameter(LocalDate, { optional: true, description: 'last posting date; default: today' })
  to?: string;

  @Parameter(oneOf(formats), { optional: true, default: 'json' })
  format: (typeof formats)[number] = 'json';
}
