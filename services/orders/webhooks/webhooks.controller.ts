import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBadRequestResponse,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import type { Request } from 'express';
import { Counter } from 'prom-client';
import { Rates, Signed } from '#libs/access';
import { ChannelId, eventDefinitions, fault, REFUSALS, type RefusalCode, topics } from '#libs/contracts';
import { Bytes, PathValue, Problem, TakesBytes } from '#libs/http';
import { faultOfSignature, SIGNATURE_HEADER } from './signature.ts';
import { WebhookAnswerView } from './webhook.dto.ts';
import { WebhookSecrets } from './webhook-secrets.service.ts';
import { WebhooksService } from './webhooks.service.ts';

const refusedTotal = new Counter({
  name: 'webhooks_refused_total',
  help: 'Webhooks whose signature was refused; nothing else is kept of them',
  labelNames: ['reason'],
});

/** Of each message, structured. */
const EXAMPLES = Object.fromEntries(
  eventDefinitions
    .filter(({ topic }) => topic === topics.checkout)
    .map(({ type, summary, example }) => {
      const event = {
        specversion: '1.0',
        id: 'INV-2026-0001-1',
        source: '/blanja',
        type,
        datacontenttype: 'application/json',
      };
      return [type, { summary, value: { ...event, data: example } }];
    }),
);

@ApiTags('webhooks')
@Controller('v1/webhooks')
export class WebhooksController {
  /** Who signs wrongly again and again is not heard for a while, as who comes with wrong tokens. */
  readonly #rates = new Rates();

  constructor(
    private readonly secrets: WebhookSecrets,
    private readonly webhooks: WebhooksService,
  ) {}

  @Signed()
  @TakesBytes(1_048_576)
  @Post(':channel')
  @HttpCode(202)
  @ApiOperation({
    summary: 'A marketplace tells something of an order, signed',
    description:
      'One CloudEvent, structured or binary, as on Kafka: docs/asyncapi.yaml. docs/MARKETPLACES.md says how it is signed.',
  })
  @ApiConsumes('application/cloudevents+json', 'application/json')
  @ApiBody({ schema: { type: 'object', additionalProperties: true }, examples: EXAMPLES })
  @ApiHeader({
    name: 'Pasindo-Signature',
    required: true,
    example: 't=1767580200,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd',
  })
  @ApiAcceptedResponse({ type: WebhookAnswerView, description: 'it is kept, and this became of it' })
  @ApiBadRequestResponse({ description: 'unreadable: no CloudEvent of ours, or of no order' })
  @ApiUnauthorizedResponse({ description: 'bad-signature, stale-signature: nothing was kept' })
  async receive(
    @PathValue('channel', ChannelId) channel: string,
    @Bytes() body: Buffer,
    @Req() request: Request,
  ): Promise<WebhookAnswerView> {
    await this.#rates.requireFewRefused(request);
    const { headers } = request;
    const wrong = faultOfSignature(
      request.header(SIGNATURE_HEADER) ?? '',
      body,
      await this.secrets.of(channel),
      new Date(),
    );
    if (wrong) {
      refusedTotal.inc({ reason: wrong });
      await this.#rates.countRefused(request);
      throw refused(401, 'Signature refused', 'Pasindo-Signature', wrong);
    }
    const received = await this.webhooks.receive({ channel, headers, body });
    if ('unreadable' in received) throw refused(400, 'Event not readable', 'body', 'unreadable', received.unreadable);
    const { answer, isRepeated } = received;
    const { faults, ...known } = answer;
    const language = request.acceptsLanguages(['en', 'id']) === 'id' ? 'id' : 'en';
    const errors = faults?.map(({ field, code, message }) => ({ field, code, message: message[language] }));
    return { ...known, repeated: isRepeated, ...(errors && { errors }) };
  }
}

function refused(status: number, title: string, field: string, code: RefusalCode, detail?: string): Problem {
  const { en, id } = REFUSALS[code].meaning;
  return new Problem({
    ...{ status, title, reason: code, errors: [{ field, ...fault(code, en, id) }] },
    ...(detail !== undefined && { detail }),
  });
}
