import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class SealView {
  @ApiProperty({ enum: ['pasindo.seal.v1'] })
  readonly format!: 'pasindo.seal.v1';

  @ApiProperty({ format: 'date', description: 'day in Asia/Jakarta on which the journals were recorded' })
  readonly date!: string;

  @ApiProperty({ description: 'how many' })
  readonly journals!: number;

  @ApiProperty({ description: 'root of the Merkle tree (RFC 6962) over their hashes' })
  readonly root!: string;

  @ApiPropertyOptional({
    type: 'object',
    properties: { number: { type: 'integer' }, hash: { type: 'string' } },
    additionalProperties: false,
    description: 'the last recorded change of what people decided, with its hash',
  })
  readonly changes?: { number: number; hash: string };

  @ApiProperty({ type: 'string', nullable: true, description: 'SHA-256 of the seal of the day before' })
  readonly previous!: string | null;

  @ApiProperty({ description: 'Ed25519 public key, DER in base64' })
  readonly publicKey!: string;

  @ApiProperty({ description: 'Ed25519 over all but this, as canonical JSON (RFC 8785); base64' })
  readonly signature!: string;
}

export class SealPage {
  @ApiProperty({ type: [SealView] })
  readonly items!: SealView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}

export class KeyView {
  @ApiProperty({ enum: ['pasindo.key.v1'] })
  readonly format!: 'pasindo.key.v1';

  @ApiProperty({ description: 'n-th key of the books' })
  readonly number!: number;

  @ApiProperty({ format: 'date', description: 'first day that it seals' })
  readonly from!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'SHA-256 of the place of the key before it' })
  readonly previous!: string | null;

  @ApiProperty({ description: 'Ed25519, DER in base64' })
  readonly publicKey!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'of the key before it; null: the first, or it was lost' })
  readonly handover!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'of itself; null: from before keys were listed' })
  readonly signature!: string | null;
}

export class KeyPage {
  @ApiProperty({ type: [KeyView] })
  readonly items!: KeyView[];
}

class HeadView {
  @ApiProperty()
  readonly facilityId!: string;

  @ApiProperty({ description: 'how many journals its chain has' })
  readonly number!: number;

  @ApiProperty({ description: 'of the last one' })
  readonly hash!: string;
}

class ChangeView {
  @ApiProperty()
  readonly number!: number;

  @ApiProperty()
  readonly hash!: string;
}

class SealedDayView {
  @ApiProperty({ format: 'date' })
  readonly date!: string;

  @ApiProperty()
  readonly hash!: string;
}

export class CheckpointView {
  @ApiProperty({ enum: ['pasindo.checkpoint.v1'] })
  readonly format!: 'pasindo.checkpoint.v1';

  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiProperty({ type: ChangeView, nullable: true, description: 'the last recorded change of what people decided' })
  readonly changes!: ChangeView | null;

  @ApiProperty({ type: [HeadView] })
  readonly heads!: readonly HeadView[];

  @ApiProperty({ type: SealedDayView, nullable: true, description: 'the last sealed day, with the hash of its seal' })
  readonly seal!: SealedDayView | null;

  @ApiProperty({ description: 'Ed25519, DER in base64' })
  readonly publicKey!: string;

  @ApiProperty({ description: 'Ed25519 over all but this, as canonical JSON (RFC 8785); base64' })
  readonly signature!: string;
}
