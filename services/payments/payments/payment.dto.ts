import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Payment, Refund } from './payment.ts';

export class RefundView implements Refund {
  @ApiProperty({ description: '{orderId}/{lineRef}#{refundRef}', example: 'toko-sandbox/1001/1#r1' })
  readonly refundId!: string;
  @ApiProperty({ type: 'integer', description: 'whole rupiah' })
  readonly amount!: number;
  @ApiProperty({ enum: ['pending', 'refunded'], description: 'pending: the gateway has not said yet that it went out' })
  readonly status!: Refund['status'];
  @ApiProperty({ format: 'uuid' })
  readonly correlationId!: string;
}

export class PaymentView implements Payment {
  @ApiProperty({ description: '{channel}/{orderRef}', example: 'toko-sandbox/1001' })
  readonly orderId!: string;
  @ApiProperty({ enum: ['escrow', 'gateway'] })
  readonly method!: Payment['method'];
  @ApiProperty({ enum: ['pending', 'captured', 'failed', 'expired', 'voided'], description: 'what the order was told' })
  readonly status!: Payment['status'];
  @ApiProperty({ enum: ['IDR'] })
  readonly currency!: 'IDR';
  @ApiProperty({ type: 'integer', description: 'what the buyer owes, whole rupiah' })
  readonly amount!: number;
  @ApiProperty({ type: 'integer', description: 'what came in' })
  readonly captured!: number;
  @ApiProperty({ type: 'integer', description: 'what went back; never more than came in' })
  readonly refunded!: number;
  @ApiProperty({ format: 'date-time' })
  readonly placedAt!: string;
  @ApiPropertyOptional({ format: 'date-time' })
  readonly capturedAt?: string;
  @ApiProperty({ type: [RefundView] })
  readonly refunds!: RefundView[];
  @ApiProperty({ format: 'uuid' })
  readonly correlationId!: string;
}

export function viewOf(payment: Payment): PaymentView {
  return { ...payment, currency: 'IDR', refunds: [...payment.refunds] };
}
