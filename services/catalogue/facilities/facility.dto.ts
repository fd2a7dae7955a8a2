import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class FacilityView {
  @ApiProperty()
  facilityId!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ enum: ['lapas', 'rutan', 'lpka', 'lpp', 'bapas'] })
  type!: string;

  @ApiProperty({ example: 'IIB' })
  class!: string;

  @ApiProperty()
  region!: string;

  @ApiProperty({ example: 'Asia/Jakarta' })
  timezone!: string;
}

export class FacilityPage {
  @ApiProperty({ type: [FacilityView] })
  items!: FacilityView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}
