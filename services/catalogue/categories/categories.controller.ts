import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Open } from '#libs/access';
import { fault } from '#libs/contracts';
import { Problem } from '#libs/http';
import { Allow } from '../policy.ts';
import { CategoryDto, CategoryView } from './category.dto.ts';
import { CategoryRepository } from './category.repository.ts';

@ApiTags('categories')
@Controller('v1/categories')
export class CategoriesController {
  constructor(private readonly categories: CategoryRepository) {}

  /** What products can be. */
  @Open()
  @Get()
  @ApiOkResponse({ type: [CategoryView] })
  list(): Promise<CategoryView[]> {
    return this.categories.list();
  }

  /** One more category: products of it can be imported from now on. The same again changes nothing. */
  @Allow('category.add')
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: CategoryView })
  @ApiConflictResponse({ description: 'the category exists with other names' })
  async add(@Body() category: CategoryDto): Promise<CategoryView> {
    const stored = await this.categories.add(category);
    const errors = (['nameId', 'nameEn'] as const).flatMap((field) =>
      stored[field] === category[field]
        ? []
        : [{ field, ...fault('other-name', `is ${stored[field]} already`, `sudah bernama ${stored[field]}`) }],
    );
    if (errors.length > 0) throw new Problem({ status: 409, title: 'Category exists with other names', errors });
    return stored;
  }
}
