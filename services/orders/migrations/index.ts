import { facilityMigrations, personalReadMigrations } from '#libs/access';
import { CreateOrders1764000000200 } from './1764000000200-create-orders.ts';
import { KnownPartOfRejections1764000001200 } from './1764000001200-known-part-of-rejections.ts';
import { SenderOfRejections1764000002400 } from './1764000002400-sender-of-rejections.ts';
import { CreateSale1764000002810 } from './1764000002810-create-sale.ts';
import { RejectionsOfChannel1764000002872 } from './1764000002872-rejections-of-channel.ts';
import { CreateChannelTerms1764000002900 } from './1764000002900-create-channel-terms.ts';
import { AwaitGoods1764000002910 } from './1764000002910-await-goods.ts';
import { CreateOutcome1764000002930 } from './1764000002930-create-outcome.ts';
import { CreateWebhookMessage1764000002931 } from './1764000002931-create-webhook-message.ts';
import { CreateOutgoingWebhook1764000002932 } from './1764000002932-create-outgoing-webhook.ts';
import { CreateOrderStep1764000002970 } from './1764000002970-create-order-step.ts';
import { DisputedSales1764000002991 } from './1764000002991-disputed-sales.ts';
import { CreateListing1764000002994 } from './1764000002994-create-listing.ts';
import { CreateStore1764000002995 } from './1764000002995-create-store.ts';

export const ordersMigrations = [
  CreateOrders1764000000200,
  KnownPartOfRejections1764000001200,
  SenderOfRejections1764000002400,
  RejectionsOfChannel1764000002872,
  ...facilityMigrations,
  ...personalReadMigrations,
  CreateSale1764000002810,
  CreateChannelTerms1764000002900,
  AwaitGoods1764000002910,
  CreateOutcome1764000002930,
  CreateWebhookMessage1764000002931,
  CreateOutgoingWebhook1764000002932,
  CreateOrderStep1764000002970,
  DisputedSales1764000002991,
  CreateListing1764000002994,
  CreateStore1764000002995,
];
