import { Module } from '@nestjs/common';
import { BooksModule } from '../books/books.module.ts';
import { AgreementRepository } from './agreements/agreement.repository.ts';
import { AgreementsController } from './agreements/agreements.controller.ts';
import { AgreementsService } from './agreements/agreements.service.ts';
import { AccumulatorRepository } from './memory/accumulator.repository.ts';
import { MemoryService } from './memory/memory.service.ts';
import { SimulationsController } from './simulation/simulations.controller.ts';
import { SimulationsService } from './simulation/simulations.service.ts';

/** Who gets how much of a sale: agreements, and what is remembered of other sales. */
@Module({
  imports: [BooksModule],
  controllers: [
    AgreementsController, //  /v1/agreements: drafted, approved by a second person
    SimulationsController, // /v1/agreements/{id}/{version}/simulations: who would gain and lose
  ],
  providers: [AgreementRepository, AgreementsService, AccumulatorRepository, MemoryService, SimulationsService],
  exports: [AgreementRepository, AgreementsService, MemoryService],
})
export class SharingModule {}
