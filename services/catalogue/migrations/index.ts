import { CreateCatalogue1764000000100 } from './1764000000100-create-catalogue.ts';
import { ProgrammeOfProduct1764000000900 } from './1764000000900-programme-of-product.ts';
import { SecureRows1764000002510 } from './1764000002510-secure-rows.ts';
import { CreateFacilityTold1764000002630 } from './1764000002630-create-facility-told.ts';
import { PersonalData1764000002710 } from './1764000002710-personal-data.ts';
import { WithdrawErasure1764000002814 } from './1764000002814-withdraw-erasure.ts';
import { CreateCustodyEnd1764000002816 } from './1764000002816-create-custody-end.ts';
import { RecordLots1764000002871 } from './1764000002871-record-lots.ts';
import { CreateAwaitedOrder1764000002911 } from './1764000002911-create-awaited-order.ts';
import { LotsByDay1764000002950 } from './1764000002950-lots-by-day.ts';
import { CreateCategory1764000002975 } from './1764000002975-create-category.ts';
import { CreateStockMovement1764000002976 } from './1764000002976-create-stock-movement.ts';
import { CreateLotVersion1764000002977 } from './1764000002977-create-lot-version.ts';
import { WatchLowStock1764000002978 } from './1764000002978-watch-low-stock.ts';
import { RememberPaid1764000002998 } from './1764000002998-remember-paid.ts';

/** In the order in which they are applied. */
export const catalogueMigrations = [
  CreateCatalogue1764000000100,
  ProgrammeOfProduct1764000000900,
  SecureRows1764000002510,
  CreateFacilityTold1764000002630,
  PersonalData1764000002710,
  WithdrawErasure1764000002814,
  CreateCustodyEnd1764000002816,
  RecordLots1764000002871,
  CreateAwaitedOrder1764000002911,
  LotsByDay1764000002950,
  CreateCategory1764000002975,
  CreateStockMovement1764000002976,
  CreateLotVersion1764000002977,
  WatchLowStock1764000002978,
  RememberPaid1764000002998,
];
