import { facilityMigrations, personalReadMigrations } from '#libs/access';
import { CreatePayment1764000000000 } from './1764000000000-create-payment.ts';
import { DisbursementsByFacility1764000002811 } from './1764000002811-disbursements-by-facility.ts';

export const paymentsMigrations = [
  CreatePayment1764000000000,
  ...facilityMigrations,
  ...personalReadMigrations,
  DisbursementsByFacility1764000002811,
];
