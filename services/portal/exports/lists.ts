import type { Screen, Section } from '../screens/screen.ts';
import { SCREENS } from '../screens/screens.ts';

/** A list of which a page shows some rows, and a file has all that the same filter finds. */
export interface List {
  readonly section: Section;
  /** What makers in it are told of for. */
  readonly purpose?: Screen['names'];
  /** Of the file: parts of a row as its service answers it, by their path. */
  readonly columns: readonly string[];
}

function list(screen: string, name: string, columns: string): List {
  const { sections, names }: Screen = SCREENS[screen] ?? { sections: {} };
  const section = sections[name];
  if (!section) throw new RangeError(`the screen ${screen} has no section ${name}`);
  return { section, ...(names && { purpose: names }), columns: columns.split(' ') };
}

const READINGS = 'number at person client route purpose makerIds';
const LETTERS = 'id buriedAt status type message.topic message.key cause';

/** By the name of the file. */
export const LISTS: Readonly<Record<string, List>> = {
  sales: list(
    'sales',
    'sales',
    'saleId orderId placedAt facilityId status disputed price refunded totals.costRecovery totals.facility totals.makers totals.state totals.beneficiaries totals.fees totals.shipping totals.tax totals.suspense journalId lines',
  ),
  lots: list('lots', 'lots', 'lotId version sku facilityId madeOn quantity available unitCost measure contributions'),
  decisions: list(
    'decisions',
    'decisions',
    'kind id version type about facilityId amount status drafted.by drafted.at reviewed.by reviewed.at decided.by decided.at decided.because',
  ),
  exceptions: list(
    'exceptions',
    'exceptions',
    'kind reference detail facilityId amount since days owner note.note note.by note.at proposal.by proposal.at proposal.reason',
  ),
  reported: list('exceptions', 'settlements', 'kind reference channel detail amount since days owner note notedBy'),
  payouts: list(
    'payouts',
    'payouts',
    'payoutId facilityId bank upTo status createdBy createdAt reviewedBy reviewedAt decidedBy decidedAt reason',
  ),
  deposits: list(
    'deposits',
    'deposits',
    'depositId facilityId bank amount billingCode createdBy createdAt ntpn depositedAt confirmedBy journalId',
  ),
  payout: list('payout', 'payout', 'itemId account amount payee status reason paidOn journalId'),
  story: list('maker', 'story', 'postedOn kind sku units amount account version plain.id plain.en'),
  makers: list(
    'premi',
    'positions',
    'key makers.pending makers.available makers.reserved makers.savings makers.receivable',
  ),
  positions: list(
    'overview',
    'positions',
    'key channelHeld bank costRecovery facility.pending facility.available makers.pending makers.available makers.reserved suspense pnbp.owed pnbp.billed pnbp.unbilled pnbp.since',
  ),
  orders: list('orders', 'orders', 'orderId placedAt status reason detail amount'),
  rejected: list('rejected', 'rejected', 'rejectionId channel orderId type reason detail receivedAt content'),
  verifications: list(
    'audit',
    'verifications',
    'verificationId status startedBy startedAt endedAt report.checked.journals report.checked.entries report.checked.seals report.faults',
  ),
  seals: list('audit', 'seals', 'date journals root previous publicKey signature'),
  readings: list('audit', 'readings', READINGS),
  'readings-of-money': list('audit', 'ledgerReadings', READINGS),
  'dead-letters-catalogue': list('operations', 'catalogueLetters', LETTERS),
  'dead-letters-orders': list('operations', 'ordersLetters', LETTERS),
  'dead-letters-payments': list('operations', 'paymentsLetters', LETTERS),
  'dead-letters-ledger': list('operations', 'ledgerLetters', LETTERS),
};
