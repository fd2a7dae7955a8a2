import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class SealView {
  @ApiProperty({ enum: ['pasindo.seal.v1'] })
  format!: 'pasindo.seal.v1';

  @ApiProperty({ format: 'date', description: 'day in Asia/Jakarta on which the journals were recorded' })
  date!: string;

  @ApiProperty({ description: 'how many' })
  journals!: number;

  @ApiProperty({ description: 'root of the Merkle tree (RFC 6962) over their hashes' })
  root!: string;

  @ApiPropertyOptional({
    type: 'object',
    properties: { number: { type: 'integer' }, hash: { type: 'string' } },
    additionalProperties: false,
    description: 'the last recorded change of what people decided, with its hash',
  })
  changes?: { number: number; hash: string };

  @ApiProperty({ type: 'string', nullable: true, description: 'SHA-256 of the seal of the day before' })
  previous!: string | null;

  @ApiProperty({ description: 'Ed25519 public key, DER in base64' })
  publicKey!: string;

  @ApiProperty({ description: 'Ed25519 over all but this, as canonical JSON (RFC 8785); base64' })
  signature!: string;
}

export class SealPage {
  @ApiProperty({ type: [SealView] })
  items!: SealView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}

export class KeyView {
  @ApiProperty({ enum: ['pasindo.key.v1'] })
  format!: 'pasindo.key.v1';

  @ApiProperty({ description: 'n-th key of the books' })
  number!: number;

  @ApiProperty({ format: 'date', description: 'first day that it seals' })
  from!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'SHA-256 of the place of the key before it' })
  previous!: string | null;

  @ApiProperty({ description: 'Ed25519, DER in base64' })
  publicKey!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'of the key before it; null: the first, or it was lost' })
  handover!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'of itself; null: from before keys were listed' })
  signature!: string | null;
}

export class KeyPage {
  @ApiProperty({ type: [KeyView] })
  items!: KeyView[];
}

class HeadView {
  @ApiProperty()
  facilityId!: string;

  @ApiProperty({ description: 'how many journals its chain has' })
  number!: number;

  @ApiProperty({ description: 'of the last one' })
  hash!: string;
}

class ChangeView {
  @ApiProperty()
  number!: number;

  @ApiProperty()
  hash!: string;
}

class SealedDayView {
  @ApiProperty({ format: 'date' })
  date!: string;

  @ApiProperty()
  hash!: string;
}

export class CheckpointView {
  @ApiProperty({ enum: ['pasindo.checkpoint.v1'] })
  format!: 'pasindo.checkpoint.v1';

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ type: ChangeView, nullable: true, description: 'the last recorded change of what people decided' })
  changes!: ChangeView | null;

  @ApiProperty({ type: [HeadView] })
  heads!: readonly HeadView[];

  @ApiProperty({ type: SealedDayView, nullable: true, description: 'the last sealed day, with the hash of its seal' })
  seal!: SealedDayView | null;

  @ApiProperty({ description: 'Ed25519, DER in base64' })
  publicKey!: string;

  @ApiProperty({ description: 'Ed25519 over all but this, as canonical JSON (RFC 8785); base64' })
  signature!: string;
}
