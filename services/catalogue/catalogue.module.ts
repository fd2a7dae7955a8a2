import { Module } from '@nestjs/common';
import { CategoriesController } from './categories/categories.controller.ts';
import { CategoryRepository } from './categories/category.repository.ts';
import { ConsentRepository } from './consents/consent.repository.ts';
import { ConsentsController } from './consents/consents.controller.ts';
import { CustodyEndsListener } from './erasures/custody-ends.listener.ts';
import { ErasureRepository } from './erasures/erasure.repository.ts';
import { ErasuresController } from './erasures/erasures.controller.ts';
import { FacilitiesController } from './facilities/facilities.controller.ts';
import { FacilitiesService } from './facilities/facilities.service.ts';
import { FacilityRepository } from './facilities/facility.repository.ts';
import { FeedController } from './feed/feed.controller.ts';
import { FeedRepository } from './feed/feed.repository.ts';
import { ImportController } from './import/import.controller.ts';
import { ImportRepository } from './import/import.repository.ts';
import { ImportService } from './import/import.service.ts';
import { LotRepository } from './lots/lot.repository.ts';
import { LotsController } from './lots/lots.controller.ts';
import { LotsService } from './lots/lots.service.ts';
import { MakerRepository } from './makers/maker.repository.ts';
import { MakersController } from './makers/makers.controller.ts';
import { MovementRepository } from './movements/movement.repository.ts';
import { MovementsController } from './movements/movements.controller.ts';
import { MovementsService } from './movements/movements.service.ts';
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
import { VersionRepository } from './versions/version.repository.ts';

/** Who makes what: facilities, makers, products, production lots with their contributions, and what is left of them. */
@Module({
  controllers: [
    ReservationsListener, // order-placed -> stock-reserved | -awaited | -rejected; goods-listed; units-cancelled; order-paid, -cancelled
    CustodyEndsListener, //  custody-ended: whose names need not be kept
    FacilitiesController, // GET  /v1/facilities
    MakersController, //     GET  /v1/makers: pseudonyms
    PersonsController, //    POST /v1/makers/names, /v1/makers/search: who they are
    ConsentsController, //   POST /v1/makers/{id}/consent
    ErasuresController, //   POST /v1/makers/{id}/erasure, /approval, /withdrawal; GET /v1/erasures/due
    CategoriesController, // GET, POST /v1/categories
    ProductsController, //   GET  /v1/products; PUT /v1/products/{sku}/low-stock
    LotsController, //       GET, POST /v1/lots; GET /v1/lots/{id}; PUT .../contributions; GET, POST .../versions
    MovementsController, //  GET  /v1/lots/{id}/movements; POST /v1/lots/{id}/counts, /write-offs
    FeedController, //       GET  /v1/feed: what marketplaces may sell
    ReturnsController, //    POST /v1/returns
    ImportController, //     POST /v1/imports; GET /v1/imports/templates/{file}
  ],
  providers: [
    FacilitiesService,
    FacilityRepository,
    MakerRepository,
    CategoryRepository,
    ProductRepository,
    LotRepository,
    VersionRepository,
    LotsService,
    MovementRepository,
    MovementsService,
    ReservationRepository,
    AwaitedOrderRepository,
    AwaitedOrdersService,
    FeedRepository,
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
