import { ApiProperty } from '@nestjs/swagger';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

/** Who says it. */
export class PersonDto {
  @ApiProperty({ description: 'person id', example: 'P-17' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(60)
  by!: string;
}
