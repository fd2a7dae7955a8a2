import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { fault, patterned } from '#libs/contracts';
import { Value } from '#libs/http';

const PublicKey = patterned(
  { pattern: '^[A-Za-z0-9+/]+={0,2}$', lengthMax: 500, description: 'public key: DER in base64, as in a seal' },
  fault('not-a-key', 'must be DER in base64, as in a seal', 'harus DER dalam base64, seperti pada segel'),
);

export class VerificationDto {
  @Value(PublicKey, {
    optional: true,
    description: 'public key to trust instead of those that the ledger is told to: DER in base64, as in a seal',
  })
  readonly key?: string;
}

class TrustedView {
  @ApiProperty({ description: 'fingerprint' })
  readonly key!: string;

  @ApiProperty({ description: 'where it is from' })
  readonly source!: string;
}

class CheckedView {
  @ApiProperty()
  readonly journals!: number;

  @ApiProperty({ description: 'journals that were computed again' })
  readonly explained!: number;

  @ApiProperty()
  readonly entries!: number;

  @ApiProperty()
  readonly accounts!: number;

  @ApiProperty()
  readonly saleLines!: number;

  @ApiProperty()
  readonly seals!: number;
}

class FaultView {
  @ApiProperty({ example: 'entry' })
  readonly table!: string;

  @ApiProperty({ description: 'its key' })
  readonly row!: string;

  @ApiProperty({ description: 'why it is wrong' })
  readonly says!: string;
}

class ReportView {
  @ApiProperty({ type: [TrustedView], description: 'whose signatures count; none: whose they are is not judged' })
  readonly trusted!: readonly TrustedView[];

  @ApiProperty({ type: [String], description: 'with what that was kept elsewhere the books are compared' })
  readonly kept!: readonly string[];

  @ApiProperty({ type: CheckedView, description: 'how many rows, so far' })
  readonly checked!: CheckedView;

  @ApiProperty({ type: [FaultView], description: 'rows that are wrong; after 100 it has seen enough' })
  readonly faults!: readonly FaultView[];

  @ApiProperty({ type: 'number', nullable: true, description: 'how long it took; null: it has not checked everything' })
  readonly seconds!: number | null;
}

const statuses = ['running', 'sound', 'unsound', 'cancelled', 'failed', 'interrupted'] as const;

export class VerificationView {
  @ApiProperty({ format: 'uuid' })
  readonly verificationId!: string;

  @ApiProperty({ enum: statuses, description: 'interrupted: its process has ended' })
  readonly status!: (typeof statuses)[number];

  @ApiProperty({ type: 'string', nullable: true, description: 'person id; null: of one from before that was kept' })
  readonly startedBy!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly startedAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  readonly endedAt!: Date | null;

  @ApiProperty({ type: ReportView })
  readonly report!: ReportView;
}

export class VerificationPage {
  @ApiProperty({ type: [VerificationView] })
  readonly items!: VerificationView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
