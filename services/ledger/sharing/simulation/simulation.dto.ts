import { ApiProperty } from '@nestjs/swagger';
import { FacilityId, LocalDate } from '#libs/contracts';
import { Value } from '#libs/http';

export class SimulationDto {
  @Value(LocalDate, { description: 'first day in Asia/Jakarta on which orders were placed' })
  from!: string;

  @Value(LocalDate, { description: 'last day' })
  to!: string;

  @Value(FacilityId, { optional: true, description: 'only sales of this facility' })
  facilityId?: string;
}

class OutcomeView {
  @ApiProperty({ example: 'maker:M1', description: 'in the totals all owners of a kind: maker, facility, state, ...' })
  owner!: string;

  @ApiProperty({ description: 'whole rupiah (IDR) of these sales, net of refunds' })
  posted!: number;

  @ApiProperty()
  simulated!: number;

  @ApiProperty({ description: 'simulated less posted' })
  difference!: number;
}

export class SimulationView {
  @ApiProperty({ enum: ['IDR'] })
  currency!: 'IDR';

  @ApiProperty({
    description:
      'how many were shared again, in whole or those of their lines that are in its scope; not what a more specific agreement shared',
  })
  sales!: number;

  @ApiProperty({ type: [OutcomeView], description: 'their differences add up to 0' })
  totals!: OutcomeView[];

  @ApiProperty({ description: 'how many owners gain' })
  gain!: number;

  @ApiProperty({ description: 'how many lose' })
  lose!: number;

  @ApiProperty({ type: [OutcomeView], description: 'the 100 who gain most' })
  gainers!: OutcomeView[];

  @ApiProperty({ type: [OutcomeView], description: 'the 100 who lose most' })
  losers!: OutcomeView[];
}
