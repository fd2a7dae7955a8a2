import { Module } from '@nestjs/common';
import { BooksModule } from '../books/books.module.ts';
import { AgreementRepository } from './agreements/agreement.repository.ts';
import { AgreementsController } from './agreements/agreements.controller.ts';
import { AgreementsService } from './agreements/agreements.service.ts';
import { AccumulatorRepository } from './memory/accumulator.repository.ts';
import { MemoryService } from './memory/memory.service.ts';
import { SimulationService } from './simulation/simulation.service.ts';

/** Who gets how much of a sale: agreements, and what is remembered of other sales. */
@Module({
  imports: [BooksModule],
  controllers: [
    AgreementsController, // /v1/agreements: drafted, simulated, approved by a second person
  ],
  providers: [AgreementRepository, AgreementsService, AccumulatorRepository, MemoryService, SimulationService],
  exports: [AgreementRepository, MemoryService],
})
export class SharingModule {}
