/** Of which sections each screen is made; the portal's server says from where they come. */
import type {
  Decisions,
  Deposit,
  EntryExplanation,
  EntryPage,
  Flow,
  Lot,
  Order,
  OwnerBalances,
  Page,
  Payout,
  PayoutSummary,
  Positions,
  Product,
  Report,
  Sales,
  Story,
  Totals,
  TrialBalance,
  Words,
} from './answers.ts';

interface Named {
  /** Of the makers that the other sections speak of, for who may know them. */
  readonly names: Names;
}

export interface FacilitySections extends Named {
  readonly totals: Totals;
  readonly trend: Totals;
  readonly products: Totals;
  readonly makers: Totals;
  readonly positions: Positions;
  readonly sales: Sales;
  readonly titles: Page<Product>;
}

export interface SalesSections {
  readonly sales: Sales;
  readonly titles: Page<Product>;
}

export interface OrderSections extends Named {
  readonly order: Order;
  readonly flows: { readonly items: readonly Flow[] };
  readonly titles: Page<Product>;
}

export interface EntrySections extends Named {
  readonly explanation: EntryExplanation;
}

export interface LedgerSections {
  readonly entries: EntryPage;
}

export interface KioskSections {
  readonly balances: OwnerBalances;
  readonly story: Story;
}

export interface DecisionsSections {
  readonly decisions: Decisions;
}

export interface PayoutsSections extends Named {
  readonly payouts: Page<PayoutSummary>;
  readonly positions: Positions;
}

export interface PayoutSections extends Named {
  readonly payout: Payout;
}

export interface DepositsSections {
  readonly deposits: Page<Deposit>;
  readonly positions: Positions;
}

export interface PremiSections extends Named {
  readonly list: Report;
  readonly positions: Positions;
}

export interface ReportsSections {
  readonly reports: { readonly items: readonly { readonly name: string; readonly title: Words }[] };
  readonly trialBalance: TrialBalance;
}

export interface ReportSections {
  readonly report: Report;
}

export interface OverviewSections {
  readonly totals: Totals;
  readonly trend: Totals;
  readonly regions: Totals;
  readonly positions: Positions;
}

export interface LotsSections extends Named {
  readonly lots: Page<Lot>;
  readonly titles: Page<Product>;
}

export interface LotEntrySections extends Named {
  readonly titles: Page<Product>;
  readonly makers: Page<{ readonly makerId: string; readonly facilityId: string }>;
  readonly last: Page<Lot>;
}

export interface Names {
  readonly items: readonly { readonly makerId: string; readonly displayName: string; readonly isChild: boolean }[];
}
