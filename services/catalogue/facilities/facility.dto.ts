import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class FacilityView {
  @ApiProperty()
  readonly facilityId!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ enum: ['lapas', 'rutan', 'lpka', 'lpp', 'bapas'] })
  readonly type!: string;

  @ApiProperty({ example: 'IIB' })
  readonly class!: string;

  @ApiProperty()
  readonly region!: string;

  @ApiProperty({ example: 'Asia/Jakarta' })
  readonly timezone!: string;
}

export class FacilityPage {
  @ApiProperty({ type: [FacilityView] })
  readonly items!: FacilityView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
