import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { ImportRequest, ImportResult } from './import.dto.ts';
import { ImportService } from './import.service.ts';

@ApiTags('import')
@Controller('v1/imports')
export class ImportController {
  constructor(private readonly imports: ImportService) {}

  /** All files or nothing; the same content again changes nothing. */
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: ImportResult })
  @ApiUnprocessableEntityResponse({ description: 'Nothing was imported; `errors` names every file, row and column.' })
  async import(@Body() { files, dryRun }: ImportRequest): Promise<ImportResult> {
    return { dryRun, files: await this.imports.import(files, dryRun) };
  }
}
