import { readFileSync, writeFileSync } from 'node:fs';
import { chargeCases, type Movements, settlementCases } from './cases.ts';

const file = new URL('../../docs/SETTLEMENT.md', import.meta.url);
const [BEGIN, END] = ['<!-- cases: made by test/settlement/cases.int.spec.ts -->', '<!-- end of cases -->'];

const money = (amount: number) => Math.abs(amount).toLocaleString('en');

function journal(movements: Movements): string {
  return Object.entries(movements)
    .map(([account, amount]) => `${amount > 0 ? '+' : '-'}${money(amount)} \`${account}\``)
    .join('<br>');
}

/** The page with its cases as they are tested. */
export function settlementDocument(): string {
  const cases = [...settlementCases, ...chargeCases].map(({ name, title, steps }) => {
    const rows = steps.flatMap(({ told, journals }) =>
      Object.entries(journals).map(
        ([kind, movements], index) => `| ${index === 0 ? told : ''} | ${kind} | ${journal(movements)} |`,
      ),
    );
    return [`### ${name}: ${title}`, '', '| told | journal | debit +, credit - |', '| --- | --- | --- |', ...rows].join(
      '\n',
    );
  });
  const page = readFileSync(file, 'utf8');
  const [head = ''] = page.split(BEGIN);
  const [, tail = ''] = page.split(END);
  return `${head}${BEGIN}\n\n${cases.join('\n\n')}\n\n${END}${tail}`;
}

/** The page as it is, or as it becomes now if it is asked to. */
export function documented(): string {
  if (process.env.WRITE_SETTLEMENT) writeFileSync(file, settlementDocument());
  return readFileSync(file, 'utf8');
}
