import { facilityMigrations } from '#libs/access';
import { CreatePayment1764000000000 } from './1764000000000-create-payment.ts';

export const paymentsMigrations = [CreatePayment1764000000000, ...facilityMigrations];
