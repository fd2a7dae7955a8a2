import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** Who a maker is stays here: the interface knows pseudonyms only. */
export class MakerView {
  @ApiProperty()
  makerId!: string;

  @ApiProperty()
  facilityId!: string;
}

export class MakerPage {
  @ApiProperty({ type: [MakerView] })
  items!: MakerView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}
