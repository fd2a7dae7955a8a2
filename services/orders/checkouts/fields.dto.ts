import { applyDecorators } from '@nestjs/common';
import { IsInt, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';

const REFERENCE_LENGTH_MAX = 100;
const UNITS_MAX = 1_000_000_000;

/** A marketplace's own reference: text without control characters. */
export const IsReference = (): PropertyDecorator =>
  applyDecorators(IsString(), MinLength(1), MaxLength(REFERENCE_LENGTH_MAX), Matches(/^\P{Cc}+$/u));

export const IsUnits = (): PropertyDecorator => applyDecorators(IsInt(), Min(1), Max(UNITS_MAX));

export const IsRupiah = (): PropertyDecorator => applyDecorators(IsInt(), Min(0), Max(Number.MAX_SAFE_INTEGER));
