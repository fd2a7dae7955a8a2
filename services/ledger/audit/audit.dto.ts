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
