import { globSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

/** Who may work with all rows for somebody who sees some, and after what was seen. */
const elevated: Readonly<Record<string, string>> = {
  'libs/access/approvers.ts': 'who approves is known to all',
  'libs/access/facility-regions.repository.ts': 'which facilities a region has, for the scope to be',
  'libs/access/personal-reads/personal-read.repository.ts': 'whoever reads what is somebody’s own is written down',
  'libs/http/idempotency.ts': 'the memory of requests is nobody’s own',
  'services/catalogue/consents/consents.controller.ts': 'the consent of a maker who was seen, or who asks',
  'services/catalogue/feed/feed.repository.ts':
    'what is for sale, and by whom with their consent, marketplaces may know',
  'services/catalogue/import/import.repository.ts':
    'imports wait for each other; consents of makers who were written; who waits for products that were',
  'services/catalogue/lots/lot.repository.ts': 'who waits for more of a lot that was seen',
  'services/catalogue/movements/movement.repository.ts': 'who waits for more of a lot that was seen',
  'services/catalogue/persons/person.repository.ts': 'consents of makers who were seen',
  'services/catalogue/products/product.repository.ts': 'what is for sale everybody may know',
  'services/catalogue/returns/return.repository.ts':
    'the order that bought of a lot that was seen, and who waits for more',
  'services/ledger/books/accounts/known-owners.service.ts':
    'whether the books know somebody; whom the scope does not see is named like a stranger',
  'services/ledger/books/accounts/maker-seat.repository.ts': 'statements of a maker who is seated in the scope',
  'services/ledger/decisions/adjustments/adjustments.service.ts': 'posts a draft that was locked',
  'services/ledger/decisions/deposits/deposits.service.ts': 'posts a deposit that was locked; the ends of chains',
  'services/ledger/decisions/maker-events/maker-events.service.ts': 'posts a draft that was locked',
  'services/ledger/decisions/payouts/payouts.service.ts':
    'what a facility in scope may pay; reserves for a payout that was locked',
  'services/ledger/explanations/recompute/explanation.service.ts': 'explains a journal or entry that was seen',
  'services/ledger/reports/entries/entry-list.repository.ts': 'the journals about a sale that was seen',
  'services/ledger/reports/positions/positions.service.ts': 'balances of makers who are seated in the scope',
  'services/ledger/reports/reconciliation/reconciliation.service.ts': 'what is compared is remembered for everybody',
  'services/ledger/reports/exceptions/exceptions.service.ts': 'exceptions in the books of facilities in scope',
  'services/ledger/reports/reports/reports.controller.ts': 'the premi list of a facility in scope',
};

it('only what follows from rows that were seen is done with all rows', () => {
  const sources = globSync(['libs/**/*.ts', 'services/**/*.ts']).filter(
    (file) => !/\.spec\.ts$/.test(file) && !/^libs\/database\//.test(file),
  );
  const using = sources.filter((file) => /\belevated\b/.test(readFileSync(file, 'utf8')));
  expect(using.sort()).toEqual(Object.keys(elevated).sort());
});
