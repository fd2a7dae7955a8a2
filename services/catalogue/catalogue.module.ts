import { Module } from '@nestjs/common';
import { configuredKeys } from '#libs/sealing';
import { FacilitiesController } from './facilities/facilities.controller.ts';
import { FacilitiesService } from './facilities/facilities.service.ts';
import { FacilityRepository } from './facilities/facility.repository.ts';
import { ImportController } from './import/import.controller.ts';
import { ImportRepository } from './import/import.repository.ts';
import { ImportService } from './import/import.service.ts';
import { LotRepository } from './lots/lot.repository.ts';
import { LotsController } from './lots/lots.controller.ts';
import { MakerRepository } from './makers/maker.repository.ts';
import { MakersController } from './makers/makers.controller.ts';
import { PersonalData } from './makers/personal-data.ts';
import { ProductRepository } from './products/product.repository.ts';
import { ProductsController } from './products/products.controller.ts';
import { ReservationRepository } from './reservations/reservation.repository.ts';
import { ReservationsListener } from './reservations/reservations.listener.ts';
import { ReturnRepository } from './returns/return.repository.ts';
import { ReturnsController } from './returns/returns.controller.ts';

/** Who makes what: facilities, makers, products, production lots with their contributions, and what is left of them. */
@Module({
  controllers: [
    ReservationsListener, // order-placed -> stock-reserved | stock-rejected; order-paid; order-cancelled
    FacilitiesController, // GET  /v1/facilities
    MakersController, //     GET  /v1/makers: pseudonyms
    ProductsController, //   GET  /v1/products
    LotsController, //       GET  /v1/lots
    ReturnsController, //    POST /v1/returns
    ImportController, //     POST /v1/imports; GET /v1/imports/templates/{file}
  ],
  providers: [
    FacilitiesService,
    FacilityRepository,
    MakerRepository,
    ProductRepository,
    LotRepository,
    ReservationRepository,
    ReturnRepository,
    ImportRepository,
    ImportService,
    { provide: PersonalData, useFactory: () => new PersonalData(configuredKeys('PERSONAL_DATA_KEYS')) },
  ],
})
export class CatalogueModule {}
