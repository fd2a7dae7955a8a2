import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import { TellsOfMakers } from '#libs/access';
import { FacilityId, MakerId, Name } from '#libs/contracts';
import { Value, Values } from '#libs/http';

export class NamesDto {
  @Values(MakerId, { max: 500, description: 'whose names; who is not yours to name is left out' })
  readonly makerIds!: string[];
}

/** A registration number, or a part of a name in a facility. In the body, as addresses are written down everywhere. */
export class SearchDto {
  @Value(Name, { optional: true, description: 'as it was imported; blanks and case do not matter' })
  readonly registrationNo?: string;

  @Value(Name, { optional: true, description: 'part of the name or of the name that is shown; with facilityId' })
  readonly name?: string;

  @Value(FacilityId, { optional: true })
  readonly facilityId?: string;
}

/** Who a maker is. Nothing of it is to be kept by who asks. */
export class PersonView {
  @ApiProperty({ description: 'pseudonym of a maker' })
  readonly makerId!: string;

  @ApiProperty()
  readonly facilityId!: string;

  @ApiProperty()
  readonly registrationNo!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ description: 'the name to be shown' })
  readonly displayName!: string;

  @ApiProperty()
  readonly isChild!: boolean;

  @ApiProperty({ description: 'may be named in public; never a child' })
  readonly consent!: boolean;
}

export class PersonList {
  @ApiProperty({ type: [PersonView] })
  readonly items!: PersonView[];
}

/** A route that names people: whose names it gives, and what for, is written down before it answers. */
export const AnswersNames = (): MethodDecorator =>
  applyDecorators(TellsOfMakers(), ApiOkResponse({ type: PersonList }));
