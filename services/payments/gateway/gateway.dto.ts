import { ChannelId, OrderRef, oneOf } from '#libs/contracts';
import { Parameter } from '#libs/http';
import type { GatewayNotice } from '../payments/payment.ts';

const notices: readonly GatewayNotice[] = ['capture', 'fail', 'expire', 'refund'];

export class GatewayNoticeParameters {
  @Parameter(ChannelId, { example: 'toko-sandbox' })
  readonly channel!: string;
  @Parameter(OrderRef, { example: '1001' })
  readonly orderRef!: string;
  @Parameter(oneOf(notices))
  readonly notice!: GatewayNotice;
}
