import { CreateKnownApprover1764000002600 } from './1764000002600-create-known-approver.ts';
import { CreateFacility1764000002610 } from './1764000002610-create-facility.ts';

/** In the order in which they are applied. */
export const accessMigrations = [CreateKnownApprover1764000002600];

/** For services that learn of facilities from the catalogue. */
export const facilityMigrations = [CreateFacility1764000002610];
