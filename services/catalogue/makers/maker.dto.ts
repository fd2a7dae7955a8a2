import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** Who a maker is stays here: the interface knows pseudonyms only. */
export class MakerDto {
  @ApiProperty()
  makerId!: string;

  @ApiProperty()
  facilityId!: string;
}

export class MakerPage {
  @ApiProperty({ type: [MakerDto] })
  items!: MakerDto[];

  @ApiPropertyOptional()
  nextCursor?: string;
}
