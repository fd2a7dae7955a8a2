export { AccessModule, accessOf } from './access.module.ts';
export { Approvers } from './approvers.ts';
export { accessDocument } from './document.ts';
export { FacilitiesListener } from './facilities.listener.ts';
export { FacilityRegions } from './facility-regions.repository.ts';
export { accessMigrations, facilityMigrations, personalReadMigrations } from './migrations/index.ts';
export { PersonalReadRepository } from './personal-reads/personal-read.repository.ts';
export { linked } from './personal-reads/personal-read.ts';
export { ReadBy, type Reader, ReadToRepair, readerOf, TellsOfMakers } from './personal-reads/reader.ts';
export {
  allowanceOf,
  body,
  channelList,
  doorOf,
  list,
  Open,
  type Policy,
  Public,
  param,
  query,
  row,
  Signed,
} from './policy.ts';
export { Asking, By, type Principal } from './principal.ts';
export { Rates } from './rates.ts';
export { type Allowed, Reach } from './reach.ts';
export { type Grant, readGrants } from './roles.ts';
export { requireDoors, routesOf } from './routes.ts';
export { channelsOf, InScope, type Scope } from './scope.ts';
export { issuerOf, TokenVerifier } from './token.verifier.ts';
