import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, IsString, Matches } from 'class-validator';
import type { Language } from './report.ts';

const formats = ['json', 'csv', 'xlsx', 'pdf'] as const;
const languages: readonly Language[] = ['id', 'en'];

export class ReportQuery {
  @ApiPropertyOptional({ enum: formats, default: 'json' })
  @IsIn(formats)
  format: (typeof formats)[number] = 'json';

  @ApiPropertyOptional({ enum: languages, default: 'id', description: 'of the headings' })
  @IsIn(languages)
  language: Language = 'id';

  @ApiPropertyOptional({ description: 'only journals of this facility; default: all' })
  @IsOptional()
  @IsString()
  facilityId?: string;

  @ApiPropertyOptional({ format: 'date', description: 'first posting date; balances have what was before as well' })
  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;

  @ApiPropertyOptional({ format: 'date', description: 'last posting date; default: until now' })
  @IsOptional()
  @IsISO8601({ strict: true })
  to?: string;

  @ApiPropertyOptional({ example: '2026-01', description: 'in place of `from` and `to`' })
  @IsOptional()
  @Matches(/^\d{4}-(0[1-9]|1[0-2])$/)
  month?: string;

  @ApiPropertyOptional({ example: '2026', description: 'in place of `from` and `to`' })
  @IsOptional()
  @Matches(/^\d{4}$/)
  year?: string;
}
