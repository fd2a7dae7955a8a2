import { ApiProperty } from '@nestjs/swagger';
import { MakerId, oneOf, Weight } from '#libs/contracts';
import { NestedList, Value } from '#libs/http';

export const measures = ['hours', 'pieces', 'weight', 'equal'] as const;
export const MAKERS_MAX = 1_000;

export class ContributionDto {
  @Value(MakerId, { example: 'M-01' })
  readonly makerId!: string;

  @Value(Weight, { example: '7.5', description: 'in the measure of the lot; not read when that is equal' })
  readonly value!: string;
}

export class ContributionsDto {
  @Value(oneOf(measures))
  readonly measure!: (typeof measures)[number];

  @NestedList(ContributionDto, { min: 1, max: MAKERS_MAX, description: 'all zero: nobody is recorded' })
  readonly contributions!: ContributionDto[];
}

export class ContributionView {
  @ApiProperty()
  readonly makerId!: string;

  @ApiProperty({ description: 'exact decimal, in the measure of the lot', example: '7.5' })
  readonly value!: string;
}
