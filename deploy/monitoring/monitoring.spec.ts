import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { isInstalled } from '../../test/kit/programs.ts';
import { expressions, figuresIn } from './expressions.ts';

const DIRECTORY = fileURLToPath(new URL('.', import.meta.url));
const promtool = (...command: string[]): string =>
  execFileSync('promtool', command, { cwd: DIRECTORY, encoding: 'utf8', stdio: 'pipe' });

it('each alarm has a test in which it fires, and one in which it does not', () => {
  const { groups } = parse(readFileSync(join(DIRECTORY, 'alerts.yml'), 'utf8'));
  const { tests } = parse(readFileSync(join(DIRECTORY, 'alerts.test.yml'), 'utf8'));
  const tried = (tests as { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[]).flatMap((test) =>
    test.alert_rule_test.map(({ alertname, exp_alerts }) => `${alertname} ${exp_alerts.length > 0}`),
  );
  const alarms = (groups as { rules: { alert: string }[] }[]).flatMap(({ rules }) => rules.map(({ alert }) => alert));
  expect(tried.sort()).toEqual(alarms.flatMap((alarm) => [`${alarm} false`, `${alarm} true`]).sort());
});

(isInstalled('promtool') ? it : it.skip)('Prometheus takes the alarms, and they fire when they should alone', () => {
  expect(promtool('check', 'rules', 'alerts.yml')).toContain('SUCCESS');
  expect(promtool('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS');
  const rules = readFileSync(join(DIRECTORY, 'alerts.yml'), 'utf8');
  const deaf = join(mkdtempSync(join(tmpdir(), 'pasindo-')), 'alerts.yml');
  writeFileSync(deaf, rules.replace('database_up == 0', 'database_up == 2'));
  const tests = readFileSync(join(DIRECTORY, 'alerts.test.yml'), 'utf8').replace(
    'rule_files: [alerts.yml]',
    `rule_files: [${deaf}]`,
  );
  writeFileSync(`${deaf}.test`, tests);
  expect(() => promtool('test', 'rules', `${deaf}.test`)).toThrow(/DatabaseAway/);
});

(isInstalled('promtool') ? it : it.skip)('Prometheus takes what dashboards ask', () => {
  const rules = expressions().map(([, expr], index) => ({ record: `asked:${index}`, expr }));
  const file = join(mkdtempSync(join(tmpdir(), 'pasindo-')), 'asked.yml');
  writeFileSync(file, stringify({ groups: [{ name: 'asked', rules }] }));
  expect(promtool('check', 'rules', file)).toContain('SUCCESS');
});

it('a figure is found in whatever is asked about it', () => {
  expect(figuresIn('histogram_quantile(0.95, sum by (job, le) (rate(event_age_seconds_bucket[5m]))) > 30')).toEqual([
    'event_age_seconds',
  ]);
  expect(figuresIn('up{job=~"pasindo-.*"} == 0')).toEqual([]);
  expect(figuresIn('sum by (service) (increase(portal_sections_total{state="unavailable"}[5m])) > 20')).toEqual([
    'portal_sections_total',
  ]);
});

it('a dashboard is one that Grafana takes: its panels have numbers of their own, a place, and a source that is chosen', () => {
  const { panels, uid, templating } = JSON.parse(readFileSync(join(DIRECTORY, 'dashboards/pasindo.json'), 'utf8'));
  expect(uid).toBe('pasindo');
  const places = new Set<string>();
  for (const { id, gridPos, datasource, targets } of panels) {
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      expect(x).toBeLessThan(24);
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(places.has(`${x} ${y}`)).toBe(false);
        places.add(`${x} ${y}`);
      }
    }
    expect(datasource.uid).toBe(`\${${templating.list[0].name}}`);
    expect(targets.length).toBeGreaterThan(0);
    expect(id).toBeGreaterThan(0);
  }
  expect(new Set(panels.map(({ id }: { id: number }) => id)).size).toBe(panels.length);
});
