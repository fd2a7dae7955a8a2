import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FacilityId, oneOf, PersonId, Region, StoredText, whole } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

/** Money that the books hold, as nobody can be credited for it yet. */
const HELD = ['awaiting-goods', 'awaiting-agreement', 'unknown-order', 'no-store'] as const;

export const kinds = [
  'break',
  'suspense',
  'receivable',
  'unsettled',
  'partly-paid',
  'amount-differs',
  'refund-missing',
  'late-deposit',
  'refused',
  ...HELD,
] as const;
export type ExceptionKind = (typeof kinds)[number];

const actions = ['assign', 'accept', 'allocate', 'redrive', 'discard'] as const;
export type ExceptionAction = (typeof actions)[number];

const Days = whole({ min: 0, max: 36_500, description: 'so many days old, or more' });

export class ExceptionQuery extends PageQuery {
  @Parameter(FacilityId, { optional: true })
  readonly facilityId?: string;

  @Parameter(Region, { optional: true })
  readonly region?: string;

  @Parameter(oneOf(kinds), { optional: true })
  readonly kind?: ExceptionKind;

  @Parameter(PersonId, { optional: true, description: 'who looks after it' })
  readonly owner?: string;

  @Parameter(Days, { optional: true })
  readonly days?: number;
}

export class ExceptionParameters {
  @Parameter(oneOf(kinds))
  readonly kind!: ExceptionKind;

  @Parameter(StoredText, { description: 'as the list has it' })
  readonly reference!: string;
}

class NoteView {
  @ApiProperty()
  readonly note!: string;

  @ApiProperty({ description: 'person id' })
  readonly by!: string;

  @ApiProperty({ format: 'date-time' })
  readonly at!: Date;
}

class ProposalView {
  @ApiProperty({ enum: ['adjustment', 'refused-event'], description: 'as `GET /v1/decisions` has it' })
  readonly kind!: 'adjustment' | 'refused-event';

  @ApiProperty({ description: 'as the routes of its kind have it' })
  readonly id!: string;

  @ApiProperty({ description: 'person id' })
  readonly by!: string;

  @ApiProperty({ format: 'date-time' })
  readonly at!: Date;

  @ApiProperty()
  readonly reason!: string;
}

export class ExceptionView {
  @ApiProperty({
    enum: kinds,
    description:
      'break: orders, payments and books do not agree; suspense: the makers of what was sold are not known; receivable: a maker has to give back; unsettled: the channel has not paid within the days that its terms say, or 14; partly-paid: it has paid a part, and says that more follows; amount-differs: it says that it has paid all, and that is not what it should be; refund-missing: it has taken back what no refund explains; late-deposit: PNBP of before this month, or billed and not paid within the days that its billing code can be (BILLING_CODE_DAYS); refused: an event that cannot be posted; awaiting-goods: an order is paid, and its goods are not known or not there; awaiting-agreement: a sale is paid, and no agreement shares it; unknown-order: a channel paid out what is of no order of ours; no-store: it took or gave what is of no order, and of no store that is known',
  })
  readonly kind!: ExceptionKind;

  @ApiProperty({ description: 'stays the same as long as it is there' })
  readonly reference!: string;

  @ApiProperty({ type: 'string', nullable: true, example: 'not-in-ledger', description: 'what it is in particular' })
  readonly detail!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'null: of several, or nobody knows of which' })
  readonly facilityId!: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'what is at stake, whole rupiah (IDR)' })
  readonly amount!: number | null;

  @ApiProperty({ format: 'date', description: 'in Asia/Jakarta' })
  readonly since!: string;

  @ApiProperty({ type: 'integer', description: 'how many days since then' })
  readonly days!: number;

  @ApiProperty({
    enum: actions,
    isArray: true,
    description:
      'assign: say who looks after it; accept: two persons let it be (`POST /v1/adjustments/differences`); allocate: they give it to a facility (`POST /v1/holds/{reference}/assignment`); redrive: it is posted after all, by one person (`POST /v1/refused-events/{reference}/redrive`); discard: two give it up (`…/discard`). While something is proposed about it only assign is offered',
  })
  readonly actions!: readonly ExceptionAction[];

  @ApiProperty({ type: 'string', nullable: true, description: 'person id' })
  readonly owner!: string | null;

  @ApiProperty({ type: NoteView, nullable: true, description: 'the last one' })
  readonly note!: NoteView | null;

  @ApiProperty({ type: ProposalView, nullable: true, description: 'what one person proposed, and nobody has decided' })
  readonly proposal!: ProposalView | null;
}

class KindView {
  @ApiProperty({ enum: kinds })
  readonly kind!: ExceptionKind;

  @ApiProperty({ type: 'integer' })
  readonly count!: number;

  @ApiProperty({ description: 'together, whole rupiah (IDR)' })
  readonly amount!: number;

  @ApiProperty({ format: 'date', description: 'of the oldest' })
  readonly since!: string;
}

export class ExceptionPage {
  @ApiProperty({ type: [KindView], description: 'of all that is asked for, of whatever page' })
  readonly kinds!: readonly KindView[];

  @ApiProperty({ type: [ExceptionView], description: 'the oldest first' })
  readonly items!: ExceptionView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
