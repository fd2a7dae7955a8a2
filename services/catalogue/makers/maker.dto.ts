import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FacilityId } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

export class MakerQuery extends PageQuery {
  @Parameter(FacilityId, { optional: true })
  facilityId?: string;
}

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
