import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString } from 'class-validator';
import type { GatewayNotice } from '../payment/payment.ts';

const notices: readonly GatewayNotice[] = ['capture', 'fail', 'expire', 'refund'];

export class GatewayNoticePath {
  @ApiProperty({ example: 'toko-sandbox' })
  @IsString()
  readonly channel!: string;
  @ApiProperty({ example: '1001' })
  @IsString()
  readonly orderRef!: string;
  @ApiProperty({ enum: notices })
  @IsIn(notices)
  readonly notice!: GatewayNotice;
}
