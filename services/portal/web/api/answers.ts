/** What services answer, as far as screens show it. */
export interface Words {
  readonly id: string;
  readonly en: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string | null;
  readonly prevCursor?: string | null;
}

export interface Counted {
  /** At most 5,001, which says "more". */
  readonly count: number;
}

export interface Ratio {
  readonly num: number;
  readonly den: number;
}

/** ledger /v1/flows */
export interface FlowNode {
  readonly id: string;
  readonly kind: string;
  readonly account: string | null;
  readonly version: number | null;
  readonly amount: number;
  readonly lotId: string | null;
  readonly label: Words;
  readonly sentence: Words;
}

export interface FlowLine {
  readonly lineRef: string;
  readonly sku: string;
  readonly agreement: { readonly id: string; readonly version: number } | null;
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly amount: number }[];
}

export interface Flow {
  readonly journalId: string;
  readonly saleId: string;
  readonly facilityId: string;
  readonly kind: string;
  readonly postedOn: string;
  readonly matches: boolean;
  readonly lines: readonly FlowLine[];
}

/** ledger /v1/entries/{account}/{version}/explanation */
export interface EntryExplanation {
  readonly entry: {
    readonly account: string;
    readonly amount: number;
    readonly journalId: string;
    readonly kind: string;
    readonly postedOn: string;
    readonly occurredAt: string;
    readonly sourceReference: string;
    readonly accountVersion: number;
    readonly runningBalance: number | null;
  };
  readonly recomputed: number | null;
  readonly matches: boolean;
  readonly sentence: Words;
}

/** ledger /v1/entries */
export interface Entry {
  readonly account: string;
  readonly version: number;
  readonly postedOn: string;
  readonly occurredAt: string;
  readonly journalId: string;
  readonly kind: string;
  readonly sourceReference: string;
  readonly facilityId: string;
  readonly lineRef: string | null;
  readonly amount: number;
  readonly balance: number | null;
  readonly late: boolean;
}

export interface EntryPage extends Page<Entry>, Counted {
  readonly opening: number | null;
  /** Of all pages; null: there are more than 5,000. */
  readonly debit: number | null;
  readonly credit: number | null;
}

/** ledger /v1/totals */
export interface Sums {
  readonly sales: number;
  readonly units: number;
  readonly sold: number;
  readonly refunded: number;
  readonly fees: number;
  readonly shipping: number;
  readonly tax: number;
  readonly cost: number;
  readonly makers: number;
  readonly facility: number;
  readonly state: number;
  readonly beneficiaries: number;
  readonly suspense: number;
}

/** Of makers: what is their own of sales that are not theirs alone. */
export interface MakerTotals {
  readonly items: readonly { readonly key: string; readonly sales: number; readonly makers: number }[];
  readonly totals: { readonly makers: number };
}

export interface Totals {
  readonly items: readonly (Sums & { readonly key: string })[];
  readonly totals: Sums;
  readonly asOf: string;
}

/** ledger /v1/positions */
export interface Position {
  readonly channelHeld: number;
  readonly bank: number;
  readonly costRecovery: number;
  readonly facility: { readonly pending: number; readonly available: number };
  readonly makers: {
    readonly count: number;
    /** Of them, who has something available. */
    readonly awaiting: number;
    readonly pending: number;
    readonly available: number;
    readonly reserved: number;
    readonly savings: number;
    readonly receivable: number;
  };
  readonly suspense: number;
  readonly pnbp: {
    readonly owed: number;
    readonly billed: number;
    readonly unbilled: number;
    readonly since: string | null;
  };
}

/** By facility or region. */
export interface Positions {
  readonly items: readonly (Position & { readonly key: string })[];
  readonly totals: Position;
  readonly asOf: string;
}

/** By maker: what is a facility's is not told. */
export interface MakerPositions extends Page<Pick<Position, 'makers'> & { readonly key: string }> {
  readonly totals: Pick<Position, 'makers'>;
}

/** ledger /v1/decisions, and `actions` on whatever is decided */
export interface Action {
  /** End of its route. */
  readonly name: string;
  readonly allowed: boolean;
  readonly why: { readonly code: string; readonly message: Words } | null;
}

interface Taken {
  readonly by: string;
  readonly at: string;
}

export interface DecisionItem {
  readonly kind: string;
  readonly id: string;
  readonly version: number | null;
  readonly type: string | null;
  readonly about: string | null;
  readonly facilityId: string | null;
  readonly amount: number | null;
  readonly status: string;
  readonly drafted: Taken;
  readonly reviewed: Taken | null;
  readonly decided: (Taken & { readonly because: string | null }) | null;
  readonly actions: readonly Action[];
}

export interface Decisions extends Page<DecisionItem> {
  readonly open: number;
  /** Of them, what waits for whoever asks. */
  readonly mine: number;
}

/** orders /v1/channels */
export interface Channel {
  readonly channelId: string;
  readonly name: string;
}

/** A version of what one person drafts and another decides. */
interface Version extends Decided {
  readonly version: number;
  readonly status: string;
  readonly approvedAt: string | null;
  readonly rejectedBecause: string | null;
}

export interface ChannelFee {
  readonly name: string;
  /** Basis points; by class of goods. */
  readonly bp?: number | Readonly<Record<string, number>>;
  readonly fixed?: number;
  readonly min?: number;
  readonly max?: number;
  readonly vatBp?: number;
}

export interface ChannelTerms {
  readonly sellersPartOfDiscountBp: number;
  readonly shippingBorneBy: string;
  readonly fees: readonly ChannelFee[];
  readonly tolerance?: { readonly bp: number; readonly most: number };
  readonly returnWindowDays?: number;
  readonly settlesWithinDays?: number;
  readonly outcomesTo?: string;
  readonly sandbox?: boolean;
}

/** orders /v1/channels/{channel}/terms */
export interface TermsVersion extends Version {
  readonly effectiveFrom: string;
  readonly terms: ChannelTerms;
}

/** orders /v1/channels/{channel}/listings */
export interface ChannelSet extends Version {
  readonly size: number;
}

/** orders /v1/channels/{channel}/stores/{version} */
export interface StoreSet extends ChannelSet {
  readonly stores: readonly Store[];
}

export interface Store {
  /** `*`: any, and what is of none. */
  readonly store: string;
  readonly facilityId: string;
}

export interface Listing {
  readonly store: string;
  readonly channelSku: string;
  readonly sku: string;
  readonly feeClass?: string;
}

/** orders /v1/channels/{channel}/listings/{version}/comparison */
export interface ListingComparison {
  /** The set that it is compared with; null: there is none before it. */
  readonly against: number | null;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly same: number;
  readonly items: readonly {
    readonly change: 'added' | 'changed' | 'removed';
    readonly before: Listing | null;
    readonly after: Listing | null;
  }[];
}

/** orders /v1/sales */
export interface Sale {
  readonly saleId: string;
  readonly orderId: string;
  readonly placedAt: string;
  readonly facilityId: string;
  readonly status: string;
  readonly lines: readonly { readonly lineRef: string; readonly sku: string; readonly quantity: number }[];
  readonly price: number;
  readonly refunded: number;
  /** A dispute of it is not over. */
  readonly disputed: boolean;
  readonly journalId?: string;
}

export interface Sales extends Page<Sale>, Counted {
  /** Absent: there are more than 5,000. */
  readonly sums?: { readonly price: number; readonly refunded: number };
}

/** orders /v1/orders/{channel}/{ref} */
export interface Order {
  readonly orderId: string;
  readonly status: string;
  /** Where it stands, in words. */
  readonly standing: Words;
  readonly reason?: string;
  readonly detail?: string;
  readonly placedAt?: string;
  readonly amount?: number;
  readonly lines: readonly {
    readonly lineRef: string;
    readonly sku: string;
    readonly quantity: number;
    readonly unitPrice: number;
    readonly discount: number;
    readonly facilityId?: string;
  }[];
  /** A marketplace is shown neither. */
  readonly sales?: readonly {
    readonly saleId: string;
    readonly facilityId: string;
    readonly status: string;
    readonly journalId?: string;
  }[];
  readonly refunds?: readonly {
    readonly refundId: string;
    readonly status: string;
    readonly amount?: number;
    readonly quantity: number;
    readonly journalId?: string;
  }[];
}

/** orders /v1/orders/{channel}/{ref}/timeline */
export interface OrderTimeline
  extends Page<{
    readonly number: number;
    readonly at: string;
    readonly message: string;
    readonly channel?: string;
    readonly person?: string;
    readonly changes: readonly {
      readonly of: 'order' | 'reason' | 'goods' | 'payment' | 'sale' | 'refund' | 'settlement' | 'dispute';
      readonly id?: string;
      readonly before?: string;
      readonly after: string;
    }[];
  }> {
  /** Absent: from the order's beginning. */
  readonly keptSince?: string;
}

/** catalogue /v1/products */
export interface Product {
  readonly sku: string;
  readonly facilityId: string;
  readonly titleId: string;
  readonly titleEn: string;
  readonly price: number;
  readonly available: number;
  readonly lowStock: number;
}

/** catalogue /v1/lots */
export interface Lot {
  readonly lotId: string;
  readonly version: number;
  readonly sku: string;
  readonly facilityId: string;
  readonly quantity: number;
  readonly available: number;
  readonly unitCost: number;
  readonly madeOn: string;
  readonly measure: 'hours' | 'pieces' | 'weight' | 'equal';
  readonly contributions: readonly { readonly makerId: string; readonly value: string }[];
}

/** catalogue /v1/lots/{id}/movements */
export interface Movements {
  readonly available: number;
  readonly items: readonly {
    readonly kind: string;
    readonly quantity: number;
    readonly counted: number | null;
    readonly reason: string | null;
    readonly by: string | null;
    readonly at: string | null;
  }[];
}

/** catalogue /v1/lots/{id}/versions */
export interface LotVersions {
  readonly items: readonly (Pick<Lot, 'version' | 'quantity' | 'unitCost' | 'madeOn' | 'measure' | 'contributions'> & {
    readonly endedBy: string | null;
    readonly endedBecause: string | null;
    readonly endedAt: string | null;
  })[];
}

export interface ImportedFile {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
}

export interface ImportRow {
  readonly file: string;
  readonly row: number;
  readonly outcome: 'created' | 'updated';
  readonly before: object | null;
  readonly after: object;
}

/** catalogue /v1/imports */
export interface ImportResult {
  readonly files: Readonly<Record<string, ImportedFile>>;
  /** Of a dry run. */
  readonly rows?: readonly ImportRow[];
}

/** payments /v1/settlement-files */
export interface SettlementFile {
  /** How many became what. */
  readonly rows: Readonly<Record<string, number>>;
  readonly paidOut: number;
  readonly totals: readonly { readonly of: string; readonly said: number; readonly found: number }[];
  readonly unknownColumns: readonly string[];
  readonly refused: readonly {
    readonly sheet?: string;
    readonly line: number;
    readonly column?: string;
    readonly code: string;
    readonly message: Words;
  }[];
}

/** payments /v1/exceptions */
export interface SettlementException {
  readonly kind: string;
  readonly reference: string;
  readonly channel: string;
  readonly detail: string | null;
  readonly amount: number;
  /** YYYY-MM-DD */
  readonly since: string;
  readonly owner: string | null;
  readonly note: string | null;
  readonly notedBy: string | null;
  readonly actions: readonly ExceptionAction[];
}

/** assign: say who looks after it; redrive: post it after all; the others: decide about it, which takes two persons. */
type ExceptionAction = 'assign' | 'accept' | 'allocate' | 'redrive' | 'discard';

/** ledger /v1/owners/{owner} */
export interface OwnerBalances {
  readonly pending: number;
  readonly available: number;
  readonly reserved: number;
  readonly savings: number;
  readonly receivable: number;
  readonly total: number;
}

/** ledger /v1/makers/{id}/story */
export interface Story {
  readonly items: readonly {
    readonly postedOn: string;
    readonly kind: string;
    readonly sku: string | null;
    readonly units: number | null;
    readonly amount: number;
    readonly account: string;
    readonly version: number;
    readonly plain: Words;
  }[];
}

/** ledger /v1/reports/{name} */
export interface Report {
  readonly report: string;
  readonly title: string;
  readonly columns: readonly {
    readonly key: string;
    readonly heading: string;
    readonly type: 'text' | 'date' | 'count' | 'rupiah' | 'blank';
  }[];
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
  readonly totals: Readonly<Record<string, number>> | null;
}

/** ledger /v1/payouts/{id} */
export interface PayoutSummary {
  readonly payoutId: string;
  readonly facilityId: string;
  readonly bank: string;
  readonly upTo: string;
  readonly status: string;
  readonly reason: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly reviewedBy: string | null;
  readonly reviewedAt: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
}

export interface Payout extends PayoutSummary {
  readonly total: number;
  readonly items: readonly {
    readonly itemId: string;
    readonly account: string;
    readonly amount: number;
    readonly payee: string | null;
    readonly status: string;
    readonly reason: string | null;
    readonly paidOn: string | null;
  }[];
  readonly counts: readonly { readonly status: string; readonly items: number; readonly amount: number }[];
  readonly leftOut: readonly { readonly account: string; readonly amount: number; readonly because: string }[];
  readonly actions?: readonly Action[];
}

/** Of what one person drafts and another decides. */
interface Decided {
  readonly createdBy: string;
  readonly createdAt: string;
  readonly approvedBy: string | null;
  readonly rejectedBy: string | null;
  readonly withdrawnAt: string | null;
  readonly actions?: readonly Action[];
}

/** ledger /v1/adjustments/{id} */
export interface Adjustment extends Decided {
  readonly adjustmentId: string;
  readonly type: string;
  readonly facilityId: string;
  readonly occurredAt: string;
  readonly reason: string;
  readonly content: {
    readonly entries?: readonly { readonly account: string; readonly amount: number }[];
    readonly lotId?: string;
    readonly measure?: string;
    readonly contributions?: readonly { readonly makerId: string; readonly weight: string }[];
    readonly debtor?: string;
    readonly beneficiary?: string;
    readonly amount?: number;
    readonly saleId?: string;
    readonly holdId?: string;
  };
}

/** ledger /v1/maker-events/{id} */
export interface MakerEvent extends Decided {
  readonly eventId: string;
  readonly makerId: string;
  readonly type: string;
  readonly facilityId: string;
  readonly occurredAt: string;
  readonly reason: string;
  readonly content: { readonly because?: string; readonly payee?: string; readonly into?: string };
}

/** ledger /v1/deposits */
export interface Deposit {
  readonly depositId: string;
  readonly facilityId: string;
  readonly bank: string;
  readonly amount: number;
  readonly billingCode: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly ntpn: string | null;
  readonly depositedAt: string | null;
  readonly journalId: string | null;
  readonly actions?: readonly Action[];
}

/** ledger /v1/trial-balance */
export interface TrialBalance {
  readonly rows: readonly {
    readonly class: string;
    readonly ownerKind: string;
    readonly purpose: string;
    readonly accounts: number;
    readonly debit: number;
    readonly credit: number;
  }[];
  readonly debit: number;
  readonly credit: number;
  /** Debit less credit: 0, or the books are broken. */
  readonly total: number;
}

interface Listed {
  readonly count: number;
  readonly first: readonly { readonly table?: string; readonly row?: string; readonly says?: string }[];
}

/** ledger /v1/periods/{month}/checklist */
export interface Checklist {
  readonly unsettled: Listed;
  /** Absent in what was found before it was looked for; so is `unlawful`. */
  readonly held?: Listed;
  readonly suspense: Listed;
  readonly deadLetters: Listed;
  readonly drafts: Listed;
  readonly late: Listed;
  readonly verifiedAt?: string;
  readonly unexplained?: Listed;
  readonly unbalanced?: Listed;
  readonly unlawful?: Listed;
}

/** ledger /v1/periods */
export interface PeriodDecision {
  readonly month: string;
  readonly action: 'close' | 'reopen';
  readonly decisionId: string;
  readonly reason: string;
  readonly status: string;
  readonly createdBy: string;
  readonly createdAt: string;
  /** While it is checked: how many rows are verified so far. */
  readonly progress: { readonly journals: number; readonly entries: number } | null;
  readonly approvableUntil: string | null;
  readonly actions?: readonly Action[];
}

export interface Periods extends Page<PeriodDecision> {
  readonly firstOpenMonth: string | null;
}

/** ledger /v1/verifications */
export interface Verification {
  readonly verificationId: string;
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly report: {
    readonly checked: { readonly journals: number; readonly entries: number; readonly seals: number };
    readonly faults: readonly { readonly table: string; readonly row: string; readonly says: string }[];
  };
}

/** ledger /v1/audit/seals */
export interface Seal {
  readonly date: string;
  readonly journals: number;
  readonly root: string;
}

/** ledger /v1/audit/keys */
export interface SealKey {
  readonly number: number;
  /** First day that it seals. */
  readonly from: string;
  readonly publicKey: string;
}

/** ledger /v1/approvers */
export interface Approver {
  readonly person: string;
  readonly mayApproveFrom: string;
}

/** ledger /v1/reconciliation/{subject}/{reference} */
export interface Comparison {
  readonly subject: string;
  readonly reference: string;
  /** What orders and payments say of it. */
  readonly records: readonly {
    readonly counterparty: string;
    readonly state: string;
    readonly amount: number | null;
    readonly since: string;
  }[];
  /** What is posted about it. */
  readonly journals: readonly {
    readonly journalId: string;
    readonly kind: string;
    readonly facilityId: string;
    readonly postedOn: string;
    readonly sourceReference: string;
  }[];
}

/** catalogue /v1/personal-reads */
export interface PersonalRead {
  readonly number: number;
  readonly at: string;
  readonly person: string | null;
  readonly client: string | null;
  readonly purpose: string | null;
  readonly makerIds: readonly string[] | null;
}

/** every service /v1/dead-letters */
export interface DeadLetterSummary {
  readonly poison: number;
  readonly parked: number;
  readonly since: string | null;
}

export interface DeadLetter {
  readonly id: string;
  readonly type?: string;
  readonly status: string;
  readonly cause: string;
  readonly buriedAt: string;
  /** Its key may be no text. */
  readonly message: { readonly topic: string; readonly key: string | { readonly base64: string } | null };
}

/** orders /v1/rejected-checkouts */
export interface RejectedCheckout {
  readonly rejectionId: string;
  readonly channel: string;
  readonly orderId: string;
  readonly reason: string;
  readonly detail: string;
  readonly content: unknown;
  readonly receivedAt: string;
}

/** ledger /v1/makers/{id}/standing */
export interface Standing {
  readonly paidBy: string | null;
  readonly frozen: boolean;
  readonly payee: string | null;
  readonly mergedInto: string | null;
}

/** ledger /v1/obligations */
export interface Obligation {
  readonly beneficiary: string;
  readonly imposed: number;
  readonly paid: number;
  readonly owed: number;
}

export interface Finding {
  readonly step?: string;
  readonly message: Words;
}

/** ledger /v1/agreements/lint */
export interface Lint {
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
  readonly lines: readonly FlowLine[];
}

export interface Outcome {
  readonly owner: string;
  readonly posted: number;
  readonly simulated: number;
  readonly difference: number;
}

/** ledger /v1/agreements/{id}/{version}/simulations/{simulationId} */
export interface Simulation {
  readonly simulationId: string;
  readonly status: 'running' | 'done' | 'failed' | 'interrupted';
  readonly asked: { readonly from: string; readonly to: string; readonly facilityId?: string };
  readonly progress: { readonly sales: number; readonly of: number };
  readonly result: {
    readonly sales: number;
    readonly totals: readonly Outcome[];
    readonly byFacility: readonly {
      readonly facilityId: string;
      readonly sales: number;
      readonly totals: readonly Outcome[];
    }[];
    readonly gain: number;
    readonly lose: number;
    readonly gainers: readonly Outcome[];
    readonly losers: readonly Outcome[];
  } | null;
}

/** ledger /v1/agreements */
export interface Agreement {
  readonly id: string;
  readonly version: number;
  readonly scope: { readonly level: string; readonly id: string | null };
  readonly status: string;
  readonly effectiveFrom: string;
  readonly effectiveUntil: string | null;
  readonly definition: object;
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
  readonly actions?: readonly Action[];
}

/** ledger /v1/exceptions */
export interface Exception {
  readonly kind: string;
  readonly reference: string;
  readonly detail: string | null;
  readonly facilityId: string | null;
  readonly amount: number | null;
  /** YYYY-MM-DD */
  readonly since: string;
  readonly owner: string | null;
  readonly note: { readonly note: string; readonly by: string; readonly at: string } | null;
  /** What one person wants to be done about it, and nobody has decided. */
  readonly proposal: (Taken & { readonly kind: string; readonly id: string; readonly reason: string }) | null;
  readonly actions: readonly ExceptionAction[];
}

export interface Exceptions extends Page<Exception> {
  readonly kinds: readonly {
    readonly kind: string;
    readonly count: number;
    readonly amount: number;
    readonly since: string;
  }[];
}
