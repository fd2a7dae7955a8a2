/** What a service refused, as RFC 9457 says it. */
export interface Problem {
  readonly status: number;
  readonly title?: string;
  readonly detail?: string;
  readonly type?: string;
  readonly correlationId?: string;
  readonly errors?: readonly FieldError[];
}

export interface FieldError {
  readonly field: string;
  readonly code?: string;
  readonly message?: string;
  /** Of a file that is imported; the line is as a spreadsheet numbers it. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: string;
}

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title ?? `HTTP ${problem.status}`);
  }
}
