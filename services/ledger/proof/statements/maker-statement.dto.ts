import { LocalDate, oneOf } from '#libs/contracts';
import { Parameter } from '#libs/http';

const formats = ['json', 'pdf'] as const;

export class MakerStatementQuery {
  @Parameter(LocalDate, { optional: true, description: 'first posting date; default: from the beginning' })
  readonly from?: string;

  @Parameter(LocalDate, { optional: true, description: 'last posting date; default: today' })
  readonly to?: string;

  @Parameter(oneOf(formats), { optional: true, default: 'json' })
  readonly format: (typeof formats)[number] = 'json';
}
