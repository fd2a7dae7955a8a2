import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { described, Flag, textKind } from '#libs/contracts';
import { Nested, Value } from '#libs/http';
import type { CatalogueFile } from './catalogue-files.ts';
import type { Counts } from './changes.ts';

/** A file is read cell by cell; what it may hold is said there. */
const FileText = textKind({ description: 'text of a CSV file' }, () => undefined);

const file = (columns: string) => Value(described(FileText, columns), { optional: true });

/** Texts of CSV files by name; a file that is not there says nothing about its kind. */
class ImportedFiles implements Partial<Record<CatalogueFile, string>> {
  @file('facility_id, name, type, class, region, timezone')
  'facilities.csv'?: string;

  @file('maker_id, facility_id, registration_no, name, display_name, consent, is_child')
  'makers.csv'?: string;

  @file('sku, facility_id, category, title_id, title_en, price; optional: programme')
  'products.csv'?: string;

  @file('lot_id, sku, facility_id, quantity, unit_cost, made_on')
  'lots.csv'?: string;

  @file('lot_id, maker_id, measure, value')
  'contributions.csv'?: string;
}

export class ImportRequest {
  @Nested(ImportedFiles)
  files!: ImportedFiles;

  @Value(Flag, { description: 'true: say what would happen, and change nothing' })
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
