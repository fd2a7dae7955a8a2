import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class FacilityDto {
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
  @ApiProperty({ type: [FacilityDto] })
  items!: FacilityDto[];

  @ApiPropertyOptional()
  nextCursor?: string;
}
