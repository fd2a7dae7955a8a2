import { spawnSync } from 'node:child_process';

/** Programs beyond Node and Java that some tests need, and what stays unchecked where they are missing. */
export const PROGRAMS = {
  hledger: 'that hledger reads the exported books and agrees with their balances',
  'bean-check': 'that beancount reads the exported books and agrees with their balances',
  python3: 'that a second implementation, written from docs/PROOFS.md alone, verifies the books and statements',
  schemathesis:
    'that another program, which knows nothing of ours but OpenAPI, finds no input that fails or slips through',
  promtool: 'that Prometheus takes the alarms and dashboards, and that each alarm fires when it should',
  helm: 'that Helm takes the chart for Kubernetes, and refuses values that are wrong',
  'kubernetes-validate': 'that Kubernetes 1.33 and 1.37 know everything that the chart asks for',
  chromium: 'that the pages of the portal can be used: on a phone, by keyboard, by ear, in both languages',
};

export type Program = keyof typeof PROGRAMS;

/** For `(isInstalled('hledger') ? it : it.skip)('...', ...)`. */
export function isInstalled(program: Program): boolean {
  return executable(program) !== '';
}

/** Where it is installed. */
export function executable(program: Program): string {
  return spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
}
