import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';

const UNITS_MAX = 1_000_000_000;

export type Disposition = 'restock' | 'write-off';

/** Goods of one lot that came back from the buyer of an order line. */
export class ReturnRequest {
  @ApiProperty()
  @IsString()
  @MinLength(1)
  @MaxLength(40)
  channel!: string;

  @ApiProperty()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  orderRef!: string;

  @ApiProperty()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  lineRef!: string;

  @ApiProperty()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  lotId!: string;

  @ApiProperty({ description: 'pieces' })
  @IsInt()
  @Min(1)
  @Max(UNITS_MAX)
  quantity!: number;

  @ApiProperty({ enum: ['restock', 'write-off'], description: 'restock: can be sold again' })
  @IsIn(['restock', 'write-off'])
  disposition!: Disposition;
}

export class ReturnDto extends ReturnRequest {
  @ApiProperty({ format: 'uuid' })
  returnId!: string;
}
