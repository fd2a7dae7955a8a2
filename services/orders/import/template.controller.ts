import { Controller, Get, Param, StreamableFile } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Public } from '#libs/access';
import { notFound } from '#libs/http';
import { templateOf, templateTypes } from '#libs/tables';
import { orderColumns } from './columns.ts';

@ApiTags('import')
@Controller('v1/imports/templates')
export class TemplateController {
  /** A file to be filled in, `orders.csv` or `orders.xlsx`: it says what its columns hold, and can be imported as it is. */
  @Public()
  @Get(':file')
  @ApiProduces(...templateTypes)
  @ApiOkResponse({ description: 'the file' })
  @ApiNotFoundResponse({ description: 'no such file' })
  async template(@Param('file') file: string): Promise<StreamableFile> {
    const template = await templateOf(file, { orders: orderColumns });
    if (!template) throw notFound('Template', file);
    return new StreamableFile(template.bytes, { type: template.type, disposition: `attachment; filename="${file}"` });
  }
}
