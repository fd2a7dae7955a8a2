import { Module } from '@nestjs/common';
import { ChannelsController } from './channels/channels.controller.ts';
import { ChannelsRepository } from './channels/channels.repository.ts';
import { AcceptanceService } from './checkouts/acceptance.service.ts';
import { CheckoutsController } from './checkouts/checkouts.controller.ts';
import { CheckoutsListener } from './checkouts/checkouts.listener.ts';
import { RejectedCheckoutsRepository } from './checkouts/rejected-checkouts.repository.ts';
import { ImportController } from './import/import.controller.ts';
import { ImportRepository } from './import/import.repository.ts';
import { ImportService } from './import/import.service.ts';
import { TemplateController } from './import/template.controller.ts';
import { OrdersController } from './orders/orders.controller.ts';
import { OrdersRepository } from './orders/orders.repository.ts';
import { PostingsRepository } from './postings/postings.repository.ts';
import { DeadlinesService } from './process/deadlines.service.ts';
import { ProcessListener } from './process/process.listener.ts';
import { ProcessRepository } from './process/process.repository.ts';
import { ProcessService } from './process/process.service.ts';
import { RefundsController } from './refunds/refunds.controller.ts';
import { RefundsService } from './refunds/refunds.service.ts';
import { SettlementsRepository } from './settlements/settlements.repository.ts';

@Module({
  controllers: [
    CheckoutsListener,
    ProcessListener,
    CheckoutsController,
    OrdersController,
    RefundsController,
    ChannelsController,
    ImportController,
    TemplateController,
  ],
  providers: [
    AcceptanceService,
    RefundsService,
    ProcessService,
    DeadlinesService,
    ImportService,
    ChannelsRepository,
    OrdersRepository,
    ProcessRepository,
    PostingsRepository,
    SettlementsRepository,
    RejectedCheckoutsRepository,
    ImportRepository,
  ],
})
export class OrdersModule {}
