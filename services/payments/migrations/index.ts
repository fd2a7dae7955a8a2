import { facilityMigrations, personalReadMigrations } from '#libs/access';
import { CreatePayment1764000000000 } from './1764000000000-create-payment.ts';
import { DisbursementsByFacility1764000002811 } from './1764000002811-disbursements-by-facility.ts';
import { SettleUnknownOrders1764000002913 } from './1764000002913-settle-unknown-orders.ts';
import { CreateSettlementException1764000002921 } from './1764000002921-create-settlement-exception.ts';
import { AcceptSettlementExceptions1764000002922 } from './1764000002922-accept-settlement-exceptions.ts';

export const paymentsMigrations = [
  CreatePayment1764000000000,
  ...facilityMigrations,
  ...personalReadMigrations,
  DisbursementsByFacility1764000002811,
  SettleUnknownOrders1764000002913,
  CreateSettlementException1764000002921,
  AcceptSettlementExceptions1764000002922,
];
