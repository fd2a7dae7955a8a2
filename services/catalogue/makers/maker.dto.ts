import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FacilityId } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

export class MakerQuery extends PageQuery {
  @Parameter(FacilityId, { optional: true })
  readonly facilityId?: string;
}

/** Who a maker is stays here: the interface knows pseudonyms only. */
export class MakerView {
  @ApiProperty()
  readonly makerId!: string;

  @ApiProperty()
  readonly facilityId!: string;
}

export class MakerPage {
  @ApiProperty({ type: [MakerView] })
  readonly items!: MakerView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
