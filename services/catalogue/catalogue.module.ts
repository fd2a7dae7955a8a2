import { Module } from '@nestjs/common';
import { ConsentRepository } from './consents/consent.repository.ts';
import { ConsentsController } from './consents/consents.controller.ts';
import { CustodyEndsListener } from './erasures/custody-ends.listener.ts';
import { ErasureRepository } from './erasures/erasure.repository.ts';
import { ErasuresController } from './erasures/erasures.controller.ts';
import { FacilitiesController } from './facilities/facilities.controller.ts';
import { FacilitiesService } from './facilities/facilities.service.ts';
import { FacilityRepository } from './facilities/facility.repository.ts';
import { ImportController } from './import/import.controller.ts';
import { ImportRepository } from './import/import.repository.ts';
import { ImportService } from './import/import.service.ts';
import { LotRepository } from './lots/lot.repository.ts';
import { LotsController } from './lots/lots.controller.ts';
import { LotsService } from './lots/lots.service.ts';
import { MakerRepository } from './makers/maker.repository.ts';
import { MakersController } from './makers/makers.controller.ts';
import { KEY_DATABASE, openKeyDatabase, PersonKeyRepository } from './person-keys/person-key.repository.ts';
import { PersonalData } from './person-keys/personal-data.ts';
import { PersonRepository } from './persons/person.repository.ts';
import { PersonsController } from './persons/persons.controller.ts';
import { ProductRepository } from './products/product.repository.ts';
import { ProductsController } from './products/products.controller.ts';
import { AwaitedOrderRepository } from './reservations/awaited-order.repository.ts';
import { AwaitedOrdersService } from './reservations/awaited-orders.service.ts';
import { ReservationRepository } from './reservations/reservation.repository.ts';
import { ReservationsListener } from './reservations/reservations.listener.ts';
import { ReturnRepository } from './returns/return.repository.ts';
import { ReturnsController } from './returns/returns.controller.ts';

/** Who makes what: facilities, makers, products, production lots with their contributions, and what is left of them. */
@Module({
  controllers: [
    ReservationsListener, // order-placed -> stock-reserved | -awaited | -rejected; units-cancelled; order-paid, -cancelled
    CustodyEndsListener, //  custody-ended: whose names need not be kept
    FacilitiesController, // GET  /v1/facilities
    MakersController, //     GET  /v1/makers: pseudonyms
    PersonsController, //    POST /v1/makers/names, /v1/makers/search: who they are
    ConsentsController, //   POST /v1/makers/{id}/consent
    ErasuresController, //   POST /v1/makers/{id}/erasure, /approval, /withdrawal; GET /v1/erasures/due
    ProductsController, //   GET  /v1/products
    LotsController, //       GET, POST /v1/lots; PUT /v1/lots/{id}/contributions
    ReturnsController, //    POST /v1/returns
    ImportController, //     POST /v1/imports; GET /v1/imports/templates/{file}
  ],
  providers: [
    FacilitiesService,
    FacilityRepository,
    MakerRepository,
    ProductRepository,
    LotRepository,
    LotsService,
    ReservationRepository,
    AwaitedOrderRepository,
    AwaitedOrdersService,
    ReturnRepository,
    ImportRepository,
    ImportService,
    PersonRepository,
    PersonKeyRepository,
    ConsentRepository,
    ErasureRepository,
    { provide: PersonalData, useFactory: () => PersonalData.configured() },
    { provide: KEY_DATABASE, useFactory: openKeyDatabase },
  ],
})
export class CatalogueModule {}
