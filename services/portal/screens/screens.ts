import { entries, month, months, report, reports } from './books.ts';
import {
  adjustment,
  adjustmentEntry,
  agreement,
  agreements,
  decisions,
  deposits,
  makerEvent,
  payout,
  payouts,
  simulation,
} from './decisions.ts';
import { lot, lotCorrection, lotEntry, lots } from './goods.ts';
import { kiosk, maker, makers, premi } from './makers.ts';
import {
  audit,
  channel,
  exception,
  exceptions,
  listings,
  operations,
  rejected,
  sent,
  sources,
  stores,
} from './oversight.ts';
import { facility, overview } from './overview.ts';
import { entry, explain, order, sales } from './sales.ts';
import type { Screen } from './screen.ts';

/** All screens, by the name under which a page asks for them. */
export const SCREENS: Readonly<Record<string, Screen>> = {
  overview,
  facility,
  sales,
  order,
  explain,
  entry,
  lots,
  lot,
  'lot-correction': lotCorrection,
  'lot-entry': lotEntry,
  makers,
  maker,
  premi,
  kiosk,
  ledger: entries,
  reports,
  report,
  months,
  month,
  decisions,
  payouts,
  payout,
  deposits,
  'adjustment-entry': adjustmentEntry,
  adjustment,
  'maker-event': makerEvent,
  agreements,
  agreement,
  simulation,
  exceptions,
  exception,
  audit,
  operations,
  rejected,
  orders: sent,
  channels: sources,
  channel,
  listings,
  stores,
};
