import { ApiProperty } from '@nestjs/swagger';
import { Month } from '#libs/contracts';
import { Parameter } from '#libs/http';
import { OwnerBalancesView } from '../../books/accounts/account.dto.ts';
import { SentenceView } from '../../books/journals/sentence.dto.ts';

export class StoryQuery {
  @Parameter(Month, { optional: true, description: 'of posting; default: this one, in Jakarta', example: '2026-11' })
  readonly month?: string;
}

class StoryItemView {
  @ApiProperty({ format: 'date' })
  readonly postedOn!: string;

  @ApiProperty({ example: 'sale' })
  readonly kind!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'that was sold; null: it is about no goods' })
  readonly sku!: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'sold, or given back' })
  readonly units!: number | null;

  @ApiProperty({ description: 'whole rupiah; positive: for the maker' })
  readonly amount!: number;

  @ApiProperty({ description: 'purpose of the maker’s account', example: 'wages-pending' })
  readonly account!: string;

  @ApiProperty({ description: 'n-th entry of this account: what asks for its explanation' })
  readonly version!: number;

  @ApiProperty({ type: SentenceView, description: 'what happened, in words for the maker' })
  readonly plain!: SentenceView;
}

export class StoryView {
  @ApiProperty({ description: 'pseudonym' })
  readonly makerId!: string;

  @ApiProperty({ example: '2026-11' })
  readonly month!: string;

  @ApiProperty({ type: OwnerBalancesView, description: 'now' })
  readonly balances!: OwnerBalancesView;

  @ApiProperty({ type: [StoryItemView], description: 'in the order of recording' })
  readonly items!: StoryItemView[];
}
