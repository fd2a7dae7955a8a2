import { Module } from '@nestjs/common';
import { FacilitiesListener } from '#libs/access';
import { ChannelRepository } from './channels/channel.repository.ts';
import { ChannelsController } from './channels/channels.controller.ts';
import { ChannelsService } from './channels/channels.service.ts';
import { ChargeRepository } from './charges/charge.repository.ts';
import { ChargesService } from './charges/charges.service.ts';
import { AcceptanceService } from './checkouts/acceptance.service.ts';
import { CheckoutsController } from './checkouts/checkouts.controller.ts';
import { MarketplaceEventsService } from './checkouts/marketplace-events.service.ts';
import { RejectedCheckoutRepository } from './checkouts/rejected-checkout.repository.ts';
import { DisputesController } from './disputes/disputes.controller.ts';
import { DisputesService } from './disputes/disputes.service.ts';
import { FulfilmentsController } from './fulfilments/fulfilments.controller.ts';
import { FulfilmentsService } from './fulfilments/fulfilments.service.ts';
import { ImportController } from './import/import.controller.ts';
import { ImportRepository } from './import/import.repository.ts';
import { ImportService } from './import/import.service.ts';
import { TemplateController } from './import/template.controller.ts';
import { ComparisonController } from './listings/comparison.controller.ts';
import { ComparisonRepository } from './listings/comparison.repository.ts';
import { ComparisonService } from './listings/comparison.service.ts';
import { ListingRepository } from './listings/listing.repository.ts';
import { ListingsController } from './listings/listings.controller.ts';
import { ListingsService } from './listings/listings.service.ts';
import { RelistingService } from './listings/relisting.service.ts';
import { OrderRepository } from './orders/order.repository.ts';
import { OrdersListener } from './orders.listener.ts';
import { OutcomeRepository } from './outcomes/outcome.repository.ts';
import { OutcomesController } from './outcomes/outcomes.controller.ts';
import { PostingRepository } from './postings/posting.repository.ts';
import { AnswersService } from './process/answers.service.ts';
import { DeadlinesService } from './process/deadlines.service.ts';
import { ProcessRepository } from './process/process.repository.ts';
import { ProcessService } from './process/process.service.ts';
import { StepRepository } from './process/step.repository.ts';
import { RefundsController } from './refunds/refunds.controller.ts';
import { RefundsService } from './refunds/refunds.service.ts';
import { SaleRepository } from './sales/sale.repository.ts';
import { SettlementRepository } from './settlements/settlement.repository.ts';
import { StoreRepository } from './stores/store.repository.ts';
import { StoresController } from './stores/stores.controller.ts';
import { StoresService } from './stores/stores.service.ts';
import { TimelineController } from './timeline/timeline.controller.ts';
import { OrderSummaryRepository } from './views/order-summary.repository.ts';
import { OrdersController } from './views/orders.controller.ts';
import { SalesController } from './views/sales.controller.ts';
import { OutgoingWebhookRepository } from './webhooks/outgoing-webhook.repository.ts';
import { OutgoingWebhooksController } from './webhooks/outgoing-webhooks.controller.ts';
import { OutgoingWebhooksService, WebhookPatience } from './webhooks/outgoing-webhooks.service.ts';
import { WebhookMessageRepository } from './webhooks/webhook-message.repository.ts';
import { WebhookMessagesController } from './webhooks/webhook-messages.controller.ts';
import { WebhookSecrets } from './webhooks/webhook-secrets.service.ts';
import { WebhookSender } from './webhooks/webhook-sender.service.ts';
import { WebhooksController } from './webhooks/webhooks.controller.ts';
import { WebhooksService } from './webhooks/webhooks.service.ts';

@Module({
  controllers: [
    OrdersListener,
    FacilitiesListener,
    CheckoutsController,
    OrdersController,
    TimelineController,
    SalesController,
    RefundsController,
    FulfilmentsController,
    DisputesController,
    ChannelsController,
    ListingsController,
    ComparisonController,
    StoresController,
    OutcomesController,
    WebhooksController,
    WebhookMessagesController,
    OutgoingWebhooksController,
    ImportController,
    TemplateController,
  ],
  providers: [
    ChannelsService,
    ListingsService,
    RelistingService,
    ComparisonService,
    StoresService,
    ChargesService,
    AcceptanceService,
    MarketplaceEventsService,
    AnswersService,
    RefundsService,
    FulfilmentsService,
    DisputesService,
    ProcessService,
    DeadlinesService,
    ImportService,
    ChannelRepository,
    ListingRepository,
    ComparisonRepository,
    StoreRepository,
    ChargeRepository,
    OrderRepository,
    OrderSummaryRepository,
    ProcessRepository,
    PostingRepository,
    SaleRepository,
    SettlementRepository,
    OutcomeRepository,
    StepRepository,
    WebhooksService,
    WebhookSecrets,
    WebhookMessageRepository,
    OutgoingWebhooksService,
    OutgoingWebhookRepository,
    WebhookSender,
    WebhookPatience,
    RejectedCheckoutRepository,
    ImportRepository,
  ],
})
export class OrdersModule {}
