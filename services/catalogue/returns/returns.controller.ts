import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiTags } from '@nestjs/swagger';
import { row } from '#libs/access';
import { fault, orderIdOf } from '#libs/contracts';
import { Idempotency, Idempotent, type IdempotentRequest, Problem } from '#libs/http';
import { newId } from '#libs/messaging';
import { Allow } from '../policy.ts';
import { ReturnDto, ReturnView } from './return.dto.ts';
import { ReturnRepository } from './return.repository.ts';

@ApiTags('returns')
@Controller('v1/returns')
export class ReturnsController {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly returns: ReturnRepository,
  ) {}

  /** A facility records goods that came back: to be sold again, or written off. Money moves by a refund alone. */
  @Allow('return.record', row)
  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiCreatedResponse({ type: ReturnView })
  record(@Idempotent() request: IdempotentRequest, @Body() body: ReturnDto): Promise<ReturnView> {
    return this.idempotency.once(request, async (transaction) => {
      const { lineRef, lotId, quantity, disposition } = body;
      const goods = { orderId: orderIdOf(body), lineRef, lotId };
      const bought = await this.returns.lockSold(transaction, goods);
      if (bought === undefined) {
        throw new Problem({
          status: 404,
          title: 'Goods not sold',
          detail: `Line ${lineRef} of order ${goods.orderId} bought nothing of lot ${lotId}.`,
        });
      }
      const left = bought.sold - bought.returned;
      if (quantity > left) {
        throw new Problem({
          status: 422,
          title: 'More returned than sold',
          detail: `${bought.sold} were sold and ${bought.returned} came back before.`,
          errors: [
            {
              field: 'quantity',
              ...fault('too-many', `must be at most ${left}`, `paling banyak ${left}`, { max: left }),
            },
          ],
        });
      }
      const returnId = newId();
      await this.returns.insert(transaction, { returnId, ...goods, quantity, disposition });
      return { returnId, ...body };
    });
  }
}
