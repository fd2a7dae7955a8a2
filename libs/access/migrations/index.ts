import { CreateKnownApprover1764000002600 } from './1764000002600-create-known-approver.ts';
import { CreateFacility1764000002610 } from './1764000002610-create-facility.ts';
import { CreatePersonalRead1764000002812 } from './1764000002812-create-personal-read.ts';

/** In the order in which they are applied. */
export const accessMigrations = [CreateKnownApprover1764000002600];

/** For services that learn of facilities from the catalogue. */
export const facilityMigrations = [CreateFacility1764000002610];

/** For services that keep who read what of whom; the catalogue has kept it from the first. */
export const personalReadMigrations = [CreatePersonalRead1764000002812];
