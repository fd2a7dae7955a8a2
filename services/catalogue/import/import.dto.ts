import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { CatalogueFile } from './catalogue-files.ts';
import type { Counts } from './changes.ts';

/** Texts of CSV files by name; a file that is not there says nothing about its kind. */
class ImportedFiles implements Partial<Record<CatalogueFile, string>> {
  @ApiPropertyOptional({ description: 'facility_id, name, type, class, region, timezone' })
  @IsOptional()
  @IsString()
  'facilities.csv'?: string;

  @ApiPropertyOptional({ description: 'maker_id, facility_id, registration_no, name, display_name, consent, is_child' })
  @IsOptional()
  @IsString()
  'makers.csv'?: string;

  @ApiPropertyOptional({ description: 'sku, facility_id, category, title_id, title_en, price; optional: programme' })
  @IsOptional()
  @IsString()
  'products.csv'?: string;

  @ApiPropertyOptional({ description: 'lot_id, sku, facility_id, quantity, unit_cost, made_on' })
  @IsOptional()
  @IsString()
  'lots.csv'?: string;

  @ApiPropertyOptional({ description: 'lot_id, maker_id, measure, value' })
  @IsOptional()
  @IsString()
  'contributions.csv'?: string;
}

export class ImportRequest {
  @ApiProperty({ type: ImportedFiles })
  @IsObject()
  @ValidateNested()
  @Type(() => ImportedFiles)
  files!: ImportedFiles;

  @ApiProperty({ description: 'true: say what would happen, and change nothing' })
  @IsBoolean()
  dryRun!: boolean;
}

class RowCounts {
  @ApiProperty()
  created!: number;

  @ApiProperty()
  updated!: number;

  @ApiProperty()
  unchanged!: number;
}

@ApiExtraModels(RowCounts)
export class ImportResult {
  @ApiProperty()
  dryRun!: boolean;

  @ApiProperty({
    description: 'what became of the rows of each file that was given',
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(RowCounts) },
  })
  files!: Counts;
}
