import { ApiProperty } from '@nestjs/swagger';
import { type ClosedDispute, DISPUTE_OUTCOMES, DisputeRef, LineRef, oneOf, Units } from '#libs/contracts';
import { Value } from '#libs/http';
import { DisputeView } from '../views/order.dto.ts';

export class DisputeDto {
  @Value(DisputeRef, { example: 'DP-5' })
  readonly disputeRef!: string;

  @Value(LineRef, { example: '1' })
  readonly lineRef!: string;

  @Value(Units, { description: 'units of the line that it is about' })
  readonly quantity!: number;
}

export class DisputeClosingDto extends DisputeDto {
  @Value(oneOf(DISPUTE_OUTCOMES), { description: 'who won it: a buyer gets the money of these units back' })
  readonly outcome!: ClosedDispute['outcome'];
}

export class DisputeAnswerView {
  @ApiProperty({ enum: ['taken', 'duplicate'], description: 'duplicate: it was said before, or is over' })
  readonly outcome!: 'taken' | 'duplicate';
  @ApiProperty({ type: DisputeView })
  readonly dispute!: DisputeView;
}
