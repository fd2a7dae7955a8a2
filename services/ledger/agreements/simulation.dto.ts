import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsISO8601, IsNotEmpty, IsOptional, IsString, Length, Min } from 'class-validator';

export class SimulationDto {
  @ApiProperty({ minimum: 1 })
  @IsInt()
  @Min(1)
  version!: number;

  @ApiProperty({ format: 'date', description: 'first day in Asia/Jakarta on which orders were placed' })
  @IsISO8601({ strict: true })
  @Length(10, 10)
  from!: string;

  @ApiProperty({ format: 'date', description: 'last day' })
  @IsISO8601({ strict: true })
  @Length(10, 10)
  to!: string;

  @ApiPropertyOptional({ description: 'only sales of this facility' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
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
