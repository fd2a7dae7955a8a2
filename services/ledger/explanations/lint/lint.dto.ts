import { ApiProperty } from '@nestjs/swagger';
import { MakerId, Money, oneOf, StoredText, Units, Weight } from '#libs/contracts';
import { Nested, NestedList, Value } from '#libs/http';
import { AgreementDraftDto, FindingView } from '../../sharing/agreements/agreement.dto.ts';
import { FlowLineView } from '../flows/flow.dto.ts';

const measures = ['hours', 'pieces', 'weight', 'equal'] as const;
const MAKERS_MAX = 100;

class ContributionDto {
  @Value(MakerId, { example: 'M-01' })
  readonly makerId!: string;

  @Value(Weight, { example: '7.5', description: 'in the measure of the lot; not read when that is equal' })
  readonly weight!: string;
}

/** Amounts are whole rupiah. */
export class ExampleDto {
  @Value(Units)
  readonly quantity!: number;

  @Value(Money, { description: 'of a piece' })
  readonly unitPrice!: number;

  @Value(Money, { description: 'production cost of a piece' })
  readonly unitCost!: number;

  @Value(Money, { description: 'that the channel keeps, of all pieces' })
  readonly fees!: number;

  @Value(Money, { description: 'of all pieces' })
  readonly shipping!: number;

  @Value(Money, { description: 'in the price, of all pieces' })
  readonly tax!: number;

  @Value(oneOf(measures))
  readonly measure!: (typeof measures)[number];

  @NestedList(ContributionDto, { min: 0, max: MAKERS_MAX, description: 'none: nobody is recorded' })
  readonly contributions!: ContributionDto[];
}

export class LintDto extends AgreementDraftDto {
  @Nested(ExampleDto, { optional: true, description: 'a sale that there might be' })
  readonly example?: ExampleDto;

  @Value(StoredText, { optional: true, description: 'instead, one that is in the books', example: 'blanja/1001@F1' })
  readonly saleId?: string;
}

export class LintView {
  @ApiProperty({ type: [FindingView], description: 'what would forbid its approval' })
  readonly problems!: readonly FindingView[];

  @ApiProperty({ type: [FindingView], description: 'what its approver should know' })
  readonly warnings!: readonly FindingView[];

  @ApiProperty({
    type: [FlowLineView],
    description: 'how it would share the sale, as GET /v1/flows tells it; none where none is given, or it cannot share',
  })
  readonly lines!: readonly FlowLineView[];
}
