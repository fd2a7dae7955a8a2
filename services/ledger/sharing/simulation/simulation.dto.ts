import { ApiProperty } from '@nestjs/swagger';
import { FacilityId, LocalDate } from '#libs/contracts';
import { Value } from '#libs/http';
import type { SimulationResult } from './simulation.ts';
import type { Progress, SimulationRun } from './simulation-run.repository.ts';

export class SimulationDto {
  @Value(LocalDate, { description: 'first day in Asia/Jakarta on which orders were placed' })
  readonly from!: string;

  @Value(LocalDate, { description: 'last day' })
  readonly to!: string;

  @Value(FacilityId, { optional: true, description: 'only sales of this facility' })
  readonly facilityId?: string;
}

class OutcomeView {
  @ApiProperty({ example: 'maker:M1', description: 'in the totals all owners of a kind: maker, facility, state, ...' })
  readonly owner!: string;

  @ApiProperty({ description: 'whole rupiah (IDR) of these sales, net of refunds' })
  readonly posted!: number;

  @ApiProperty()
  readonly simulated!: number;

  @ApiProperty({ description: 'simulated less posted' })
  readonly difference!: number;
}

class FacilityOutcomeView {
  @ApiProperty()
  readonly facilityId!: string;

  @ApiProperty({ type: 'integer', description: 'of its sales' })
  readonly sales!: number;

  @ApiProperty({ type: [OutcomeView], description: 'what they gave, by kind of owner' })
  readonly totals!: readonly OutcomeView[];
}

class SimulationResultView implements SimulationResult {
  @ApiProperty({ enum: ['IDR'] })
  readonly currency!: 'IDR';

  @ApiProperty({
    description:
      'how many were shared again, in whole or those of their lines that are in its scope; not what a more specific agreement shared',
  })
  readonly sales!: number;

  @ApiProperty({ type: [OutcomeView], description: 'their differences add up to 0' })
  readonly totals!: readonly OutcomeView[];

  @ApiProperty({ type: [FacilityOutcomeView], description: 'by id' })
  readonly byFacility!: readonly FacilityOutcomeView[];

  @ApiProperty({ description: 'how many owners gain' })
  readonly gain!: number;

  @ApiProperty({ description: 'how many lose' })
  readonly lose!: number;

  @ApiProperty({ type: [OutcomeView], description: 'the 100 who gain most' })
  readonly gainers!: readonly OutcomeView[];

  @ApiProperty({ type: [OutcomeView], description: 'the 100 who lose most' })
  readonly losers!: readonly OutcomeView[];
}

class ProgressView implements Progress {
  @ApiProperty({ type: 'integer', description: 'that were shared again' })
  readonly sales!: number;

  @ApiProperty({ type: 'integer', description: 'that are looked at; those beyond its scope are passed over' })
  readonly of!: number;
}

const statuses = ['running', 'done', 'failed', 'interrupted'] as const;

export class SimulationView implements SimulationRun {
  @ApiProperty({ format: 'uuid' })
  readonly simulationId!: string;

  @ApiProperty({ enum: statuses, description: 'interrupted: its process has ended' })
  readonly status!: (typeof statuses)[number];

  @ApiProperty({ description: 'person id' })
  readonly startedBy!: string;

  @ApiProperty({ format: 'date-time' })
  readonly startedAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  readonly endedAt!: Date | null;

  @ApiProperty({ type: SimulationDto })
  readonly asked!: SimulationDto;

  @ApiProperty({ type: ProgressView })
  readonly progress!: ProgressView;

  @ApiProperty({ type: SimulationResultView, nullable: true, description: 'once it is done' })
  readonly result!: SimulationResultView | null;
}
