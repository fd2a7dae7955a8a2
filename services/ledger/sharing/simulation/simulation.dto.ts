import { ApiProperty } from '@nestjs/swagger';
import { FacilityId, LocalDate } from '#libs/contracts';
import { Value } from '#libs/http';
import type { SimulationResult } from './simulation.ts';
import type { Progress, SimulationRun } from './simulation-run.repository.ts';

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

class FacilityOutcomeView {
  @ApiProperty()
  facilityId!: string;

  @ApiProperty({ type: 'integer', description: 'of its sales' })
  sales!: number;

  @ApiProperty({ type: [OutcomeView], description: 'what they gave, by kind of owner' })
  totals!: readonly OutcomeView[];
}

class SimulationResultView implements SimulationResult {
  @ApiProperty({ enum: ['IDR'] })
  currency!: 'IDR';

  @ApiProperty({
    description:
      'how many were shared again, in whole or those of their lines that are in its scope; not what a more specific agreement shared',
  })
  sales!: number;

  @ApiProperty({ type: [OutcomeView], description: 'their differences add up to 0' })
  totals!: readonly OutcomeView[];

  @ApiProperty({ type: [FacilityOutcomeView], description: 'by id' })
  byFacility!: readonly FacilityOutcomeView[];

  @ApiProperty({ description: 'how many owners gain' })
  gain!: number;

  @ApiProperty({ description: 'how many lose' })
  lose!: number;

  @ApiProperty({ type: [OutcomeView], description: 'the 100 who gain most' })
  gainers!: readonly OutcomeView[];

  @ApiProperty({ type: [OutcomeView], description: 'the 100 who lose most' })
  losers!: readonly OutcomeView[];
}

class ProgressView implements Progress {
  @ApiProperty({ type: 'integer', description: 'that were shared again' })
  sales!: number;

  @ApiProperty({ type: 'integer', description: 'that are looked at; those beyond its scope are passed over' })
  of!: number;
}

const statuses = ['running', 'done', 'failed', 'interrupted'] as const;

export class SimulationView implements SimulationRun {
  @ApiProperty({ format: 'uuid' })
  simulationId!: string;

  @ApiProperty({ enum: statuses, description: 'interrupted: its process has ended' })
  status!: (typeof statuses)[number];

  @ApiProperty({ description: 'person id' })
  startedBy!: string;

  @ApiProperty({ format: 'date-time' })
  startedAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  endedAt!: Date | null;

  @ApiProperty({ type: SimulationDto })
  asked!: SimulationDto;

  @ApiProperty({ type: ProgressView })
  progress!: ProgressView;

  @ApiProperty({ type: SimulationResultView, nullable: true, description: 'once it is done' })
  result!: SimulationResultView | null;
}
