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
  key?: string;
}

class TrustedView {
  @ApiProperty({ description: 'fingerprint' })
  key!: string;

  @ApiProperty({ description: 'where it is from' })
  source!: string;
}

class CheckedView {
  @ApiProperty()
  journals!: number;

  @ApiProperty({ description: 'journals that were computed again' })
  explained!: number;

  @ApiProperty()
  entries!: number;

  @ApiProperty()
  accounts!: number;

  @ApiProperty()
  saleLines!: number;

  @ApiProperty()
  seals!: number;
}

class FaultView {
  @ApiProperty({ example: 'entry' })
  table!: string;

  @ApiProperty({ description: 'its key' })
  row!: string;

  @ApiProperty({ description: 'why it is wrong' })
  says!: string;
}

class ReportView {
  @ApiProperty({ type: [TrustedView], description: 'whose signatures count; none: whose they are is not judged' })
  trusted!: readonly TrustedView[];

  @ApiProperty({ type: [String], description: 'with what that was kept elsewhere the books are compared' })
  kept!: readonly string[];

  @ApiProperty({ type: CheckedView, description: 'how many rows, so far' })
  checked!: CheckedView;

  @ApiProperty({ type: [FaultView], description: 'rows that are wrong; after 100 it has seen enough' })
  faults!: readonly FaultView[];

  @ApiProperty({ type: 'number', nullable: true, description: 'how long it took; null: it has not checked everything' })
  seconds!: number | null;
}

const statuses = ['running', 'sound', 'unsound', 'cancelled', 'failed', 'interrupted'] as const;

export class VerificationView {
  @ApiProperty({ format: 'uuid' })
  verificationId!: string;

  @ApiProperty({ enum: statuses, description: 'interrupted: its process has ended' })
  status!: (typeof statuses)[number];

  @ApiProperty({ type: 'string', nullable: true, description: 'person id; null: of one from before that was kept' })
  startedBy!: string | null;

  @ApiProperty({ format: 'date-time' })
  startedAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  endedAt!: Date | null;

  @ApiProperty({ type: ReportView })
  report!: ReportView;
}

export class VerificationPage {
  @ApiProperty({ type: [VerificationView] })
  items!: VerificationView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}
