import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Alerts {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

const fileOf = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** What is asked of Prometheus, by who asks. */
export function expressions(): [asker: string, expression: string][] {
  const { groups } = parse(fileOf('alerts.yml')) as Alerts;
  const { panels } = JSON.parse(fileOf('dashboards/pasindo.json')) as Dashboard;
  return [
    ...groups.flatMap(({ rules }) => rules.map(({ alert, expr }): [string, string] => [alert, expr])),
    ...panels.flatMap(({ title, targets }) => targets.map(({ expr }): [string, string] => [title, expr])),
  ];
}

const WORDS = ['by', 'sum', 'max', 'rate', 'increase', 'changes', 'histogram_quantile'];

/** Names of figures in an expression: those of a histogram's parts are the histogram's. `up` is Prometheus's own. */
export function figuresIn(expression: string): string[] {
  const bare = expression.replace(/\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)/g, '');
  return [...bare.matchAll(/\b[a-z_][a-z0-9_]*/g)]
    .map(([name]) => name)
    .filter((name) => !WORDS.includes(name) && name !== 'up')
    .map((name) => name.replace(/_bucket$/, ''));
}
