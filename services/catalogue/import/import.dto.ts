import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { described, Flag, textKind } from '#libs/contracts';
import { Nested, Value } from '#libs/http';
import { type CatalogueFile, catalogueFiles } from './catalogue-files.ts';
import type { PassedOverRow } from './catalogue-rows.ts';
import type { ChangedRow, Counts } from './changes.ts';

/** A file is read cell by cell; what it may hold is said there. */
const FileContent = textKind({ description: 'content of a file' }, () => undefined);

const columnsOf = (file: CatalogueFile) => Object.keys(catalogueFiles[file]).join(', ');
const csv = (file: CatalogueFile) => Value(described(FileContent, `CSV: ${columnsOf(file)}`), { optional: true });
const xlsx = (file: CatalogueFile) =>
  Value(described(FileContent, `XLSX in base64: ${columnsOf(file)}`), { optional: true });

/** Files by name, each as CSV or XLSX; one that is not there says nothing about its kind. */
class ImportedFiles {
  @csv('facilities.csv')
  readonly 'facilities.csv'?: string;

  @xlsx('facilities.csv')
  readonly 'facilities.xlsx'?: string;

  @csv('makers.csv')
  readonly 'makers.csv'?: string;

  @xlsx('makers.csv')
  readonly 'makers.xlsx'?: string;

  @csv('products.csv')
  readonly 'products.csv'?: string;

  @xlsx('products.csv')
  readonly 'products.xlsx'?: string;

  @csv('lots.csv')
  readonly 'lots.csv'?: string;

  @xlsx('lots.csv')
  readonly 'lots.xlsx'?: string;

  @csv('contributions.csv')
  readonly 'contributions.csv'?: string;

  @xlsx('contributions.csv')
  readonly 'contributions.xlsx'?: string;
}

export class ImportDto {
  @Nested(ImportedFiles)
  readonly files!: ImportedFiles;

  @Value(Flag, { description: 'true: say what would happen, and change nothing' })
  readonly dryRun!: boolean;
}

class RowCountsView {
  @ApiProperty()
  readonly created!: number;

  @ApiProperty()
  readonly updated!: number;

  @ApiProperty()
  readonly unchanged!: number;
}

class PassedOverView implements PassedOverRow {
  @ApiProperty({ type: String })
  readonly file!: CatalogueFile;

  @ApiProperty({ type: 'integer', description: 'the row as a spreadsheet numbers it' })
  readonly line!: number;

  @ApiProperty({ enum: ['description', 'example'] })
  readonly as!: 'description' | 'example';
}

class ChangedRowView implements ChangedRow {
  @ApiProperty({ type: String })
  readonly file!: CatalogueFile;

  @ApiProperty({ type: 'integer', description: 'n-th data row of its file, from 1' })
  readonly row!: number;

  @ApiProperty({ enum: ['created', 'updated'] })
  readonly outcome!: ChangedRow['outcome'];

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'by column, as it is stored; null: it is new. Who a maker is, is not said.',
  })
  readonly before!: object | null;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'by column, as the file has it' })
  readonly after!: object;
}

@ApiExtraModels(RowCountsView)
export class ImportResultView {
  @ApiProperty()
  readonly dryRun!: boolean;

  @ApiProperty({
    description: 'what became of the rows of each file that was given',
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(RowCountsView) },
  })
  readonly files!: Counts;

  @ApiPropertyOptional({
    type: [ChangedRowView],
    description: 'of a dry run: the first 1,000 rows that would change something, in the order of the files',
  })
  readonly rows?: readonly ChangedRow[];

  @ApiProperty({ type: [PassedOverView], description: 'rows that tell how to fill in a file, and were not read' })
  readonly passedOver!: readonly PassedOverRow[];
}
