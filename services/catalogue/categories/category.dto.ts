import { CategoryId, Name } from '#libs/contracts';
import { Value } from '#libs/http';

export class CategoryDto {
  @Value(CategoryId, { example: 'furniture' })
  readonly category!: string;

  @Value(Name, { description: 'Indonesian' })
  readonly nameId!: string;

  @Value(Name, { description: 'English' })
  readonly nameEn!: string;
}

/** What a product can be. */
export class CategoryView extends CategoryDto {}
