/** What alarms and dashboards ask about is told by the services as they run. */
import { expect, it } from '@jest/globals';
import { PROGRAMS } from '../../deploy/local/services.ts';
import { expressions, figuresIn } from '../../deploy/monitoring/expressions.ts';
import { metricsOf } from '../kit/metrics.ts';

it.each(expressions())('%s: its figures are told (%s)', async (_, expression) => {
  const told = new Set<string>();
  for (const program of PROGRAMS) {
    const page = await fetch(metricsOf(process.env[`JOURNEY_${program.toUpperCase()}_ADDRESS`] as string));
    for (const [, name = ''] of (await page.text()).matchAll(/^# TYPE (\S+) /gm)) told.add(name);
  }
  expect(figuresIn(expression).filter((figure) => !told.has(figure))).toEqual([]);
});
