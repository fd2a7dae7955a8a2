import {
  BankId,
  BeneficiaryId,
  ChannelId,
  FacilityId,
  fault,
  type JournalTotals,
  type Judgement,
  MakerId,
  textKind,
} from '#libs/contracts';

export type AccountClass = 'asset' | 'liability';

export interface Account {
  /** Owner and purpose; with `@{facilityId}` unless the owner says it, or the account is a maker's. */
  readonly code: string;
  readonly class: AccountClass;
  /** `maker:{id}`, `facility:{id}`, `channel:{id}`, `beneficiary:{id}`, `bank:{id}`, `state`, `tax`, `suspense`. */
  readonly owner: string;
  readonly purpose: string;
  /** Whose books it belongs to; null: a maker's, which is national and survives a transfer. */
  readonly facilityId: string | null;
}

/** What an account is for. */
interface Purpose {
  readonly class: AccountClass;
  /** Under which total of a journal its movements are counted; none: the other side, what was paid. */
  readonly total?: keyof JournalTotals;
}

const asset = (total?: keyof JournalTotals): Purpose => ({ class: 'asset', ...(total && { total }) });
const liability = (total?: keyof JournalTotals): Purpose => ({ class: 'liability', ...(total && { total }) });

/** The chart of accounts, by kind of owner. Ids may hold any character: what surrounds them makes a code unambiguous. */
const chart: Record<string, { readonly code: RegExp; readonly purposes: Readonly<Record<string, Purpose>> }> = {
  channel: {
    code: /^(?<owner>channel:[^:@]+):(?<purpose>[a-z-]+)@(?<facilityId>.+)$/,
    purposes: {
      receivable: asset(),
      fees: liability('fees'),
      shipping: liability('shipping'),
      variance: liability(),
      unallocated: liability(),
    },
  },
  maker: {
    code: /^(?<owner>maker:.+):(?<purpose>[a-z-]+)$/,
    purposes: {
      receivable: asset('makers'),
      'wages-pending': liability('makers'),
      wages: liability('makers'),
      savings: liability('makers'),
    },
  },
  beneficiary: {
    code: /^(?<owner>beneficiary:[^:@]+):(?<purpose>[a-z-]+)@(?<facilityId>.+)$/,
    purposes: { payable: liability('beneficiaries') },
  },
  facility: {
    code: /^(?<owner>facility:(?<facilityId>.+)):(?<purpose>[a-z-]+)$/,
    purposes: {
      'earnings-pending': liability('facility'),
      earnings: liability('facility'),
      'cost-recovery': liability('costRecovery'),
    },
  },
  state: { code: /^(?<owner>state):(?<purpose>[a-z-]+)@(?<facilityId>.+)$/, purposes: { pnbp: liability('state') } },
  tax: {
    code: /^(?<owner>tax):(?<purpose>[a-z0-9-]+)@(?<facilityId>.+)$/,
    purposes: { 'vat-output': liability('tax'), 'pph22-withheld': asset() },
  },
  bank: { code: /^(?<owner>(?<purpose>bank):[^:@]+)@(?<facilityId>.+)$/, purposes: { bank: asset() } },
  suspense: {
    code: /^(?<owner>(?<purpose>suspense))@(?<facilityId>.+)$/,
    purposes: { suspense: liability('suspense') },
  },
};

/** `maker`, `facility`, `channel`, ... */
export const OWNER_KINDS: readonly string[] = Object.keys(chart);

/** @throws RangeError if the chart of accounts has no such account */
export function accountOfCode(code: string): Account {
  const { owner = '', purpose = '', facilityId = null } = partsOf(code);
  return { code, class: purposeOf(code).class, owner, purpose, facilityId };
}

const owners: Record<string, (owner: string) => Judgement<string>> = {
  channel: (owner) => ChannelId.read(idOf(owner)),
  maker: (owner) => MakerId.read(idOf(owner)),
  beneficiary: (owner) => BeneficiaryId.read(owner),
  facility: (owner) => FacilityId.read(idOf(owner)),
  bank: (owner) => BankId.read(idOf(owner)),
};

/** An account that a person names: in the chart, its ids by their grammar. Older books may hold others. */
export const AccountCode = textKind(
  { minLength: 1, maxLength: 130, description: 'account of the chart (docs/LEDGER.md)' },
  (code) => {
    const { owner = '', purpose = '', facilityId } = partsOf(code);
    const isInChart = own(own(chart, kindOf(owner))?.purposes ?? {}, purpose) !== undefined;
    const hasIds = own(owners, kindOf(owner))?.(owner).fault === undefined;
    const isSomewhere = facilityId === undefined || FacilityId.read(facilityId).fault === undefined;
    if (isInChart && hasIds && isSomewhere) return undefined;
    return fault(
      'not-an-account',
      'must be an account of the chart, such as maker:M1:wages, facility:F1:earnings or bank:bri@F1',
      'harus berupa akun dalam bagan akun, misalnya maker:M1:wages, facility:F1:earnings atau bank:bri@F1',
    );
  },
);

function idOf(owner: string): string {
  return owner.slice(owner.indexOf(':') + 1);
}

/**
 * What a journal's entries moved, by kind of payee: credits are positive, what a refund takes back is negative. All
 * parts together are what the buyer paid.
 */
export function totalsOf(entries: readonly { readonly account: string; readonly amount: number }[]): JournalTotals {
  const totals: Record<keyof JournalTotals, number> = {
    costRecovery: 0,
    facility: 0,
    makers: 0,
    state: 0,
    beneficiaries: 0,
    fees: 0,
    shipping: 0,
    tax: 0,
    suspense: 0,
  };
  for (const { account, amount } of entries) {
    const { total } = purposeOf(account);
    if (total) totals[total] -= amount;
  }
  return totals;
}

function purposeOf(code: string): Purpose {
  const { owner = '', purpose = '' } = partsOf(code);
  const found = own(own(chart, kindOf(owner))?.purposes ?? {}, purpose);
  if (!found) throw new RangeError(`${code} is not in the chart of accounts`);
  return found;
}

function partsOf(code: string): Readonly<Record<string, string>> {
  return own(chart, kindOf(code))?.code.exec(code)?.groups ?? {};
}

/** Words of others may be names of what every object has. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function kindOf(code: string): string {
  return /^[a-z]*/.exec(code)?.[0] ?? '';
}
