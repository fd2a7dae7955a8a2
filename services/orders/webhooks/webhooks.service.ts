import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { orderIdOf, topicOf, topics } from '#libs/contracts';
import { Database, isTransient, type Transaction } from '#libs/database';
import { EventTransport, newId, type Reading, readFromHttp, UnreadableMessage } from '#libs/messaging';
import {
  isOfItsSender,
  MarketplaceEventsService,
  type Said,
  type Verdict,
} from '../checkouts/marketplace-events.service.ts';
import { type ClaimedOrders, ProcessRepository } from '../process/process.repository.ts';
import { toldOf } from '../process/told.ts';
import { InBatches } from './in-batches.ts';
import { type JudgedMessage, type WebhookAnswer, WebhookMessageRepository } from './webhook-message.repository.ts';

const AT_ONCE_MAX = 100;

/** What a marketplace sent, whose signature is right. */
export interface Sent {
  readonly channel: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** `unreadable`: what is wrong with it; else what became of it. `isRepeated`: it came before, and that counts. */
export type Received =
  | { readonly unreadable: string }
  | { readonly answer: WebhookAnswer; readonly isRepeated: boolean };

interface Numbered extends Sent {
  readonly messageId: string;
}

interface Stored extends Numbered {
  readonly read: { readonly reading: Reading } | { readonly unreadable: string };
}

/**
 * Takes what marketplaces sign and send, exactly as if it had come over Kafka. It is stored as it came before it is
 * judged, and what comes at the same time is stored together, and judged together.
 */
@Injectable()
export class WebhooksService {
  readonly #stored = new InBatches<Numbered, Stored>(AT_ONCE_MAX, (sent) => this.#store(sent), isTransient);
  readonly #judged = new InBatches<Stored, Received>(AT_ONCE_MAX, (stored) => this.#judge(stored), isTransient);

  constructor(
    private readonly database: Database,
    private readonly transport: EventTransport,
    private readonly messages: WebhookMessageRepository,
    private readonly processes: ProcessRepository,
    private readonly marketplaces: MarketplaceEventsService,
  ) {}

  async receive(sent: Sent): Promise<Received> {
    return this.#judged.add(await this.#stored.add({ ...sent, messageId: newId() }));
  }

  async #store(sent: readonly Numbered[]): Promise<Stored[]> {
    await this.messages.add(
      this.database,
      sent.map((one) => ({ ...one, content: contentOf(one) })),
    );
    return sent.map((one) => ({ ...one, read: readingOf(one) }));
  }

  async #judge(stored: readonly Stored[]): Promise<Received[]> {
    return this.database.transaction(async (transaction) => {
      const readings = stored.flatMap(({ read }) => ('reading' in read ? [read.reading] : []));
      const own = readings.map(({ event }) => event as Said).filter(isOfItsSender);
      const [fresh, claimed] = await Promise.all([
        this.transport.processor.admit(transaction, readings),
        this.processes.claim(transaction, { told: own.map(({ data }) => orderIdOf(data)) }),
      ]);
      const said = fresh.map(({ event }) => event as Said);
      const verdicts = await this.marketplaces.hear(transaction, claimed, said);
      const answers = new Map(
        said.map((event, index) => [event.id, answerOf(event, verdicts[index] as Verdict, claimed)]),
      );
      const earlier = await this.#earlier(transaction, readings, answers);
      const unheard = new Set(fresh);
      const received = stored.map(({ read }): Received => {
        if ('unreadable' in read) return read;
        const event = read.reading.event as Said;
        if (unheard.delete(read.reading)) return { answer: answers.get(event.id) as WebhookAnswer, isRepeated: false };
        return { answer: repeated(event, claimed, answers.get(event.id) ?? earlier.get(event.id)), isRepeated: true };
      });
      this.messages.judge(
        transaction,
        stored.map((one, index) => judgedOf(one, received[index] as Received)),
      );
      return received;
    });
  }

  #earlier(
    transaction: Transaction,
    readings: readonly Reading[],
    answers: ReadonlyMap<string, WebhookAnswer>,
  ): Promise<Map<string, WebhookAnswer>> {
    const ids = readings.map(({ event }) => event.id).filter((id) => !answers.has(id));
    return this.messages.answers(transaction, ids);
  }
}

function readingOf({ channel, headers, body }: Sent): Stored['read'] {
  try {
    return { reading: readFromHttp(topicOf(topics.checkout, channel).name, headers, body) };
  } catch (error) {
    if (error instanceof UnreadableMessage) return { unreadable: error.message };
    throw error;
  }
}

/** What a signature does not cover is kept too: in binary mode it says what the body is. */
function contentOf({ headers, body }: Sent): Buffer {
  const lines = Object.entries(headers)
    .filter(([name]) => name === 'content-type' || name === 'pasindo-signature' || name.startsWith('ce-'))
    .map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([Buffer.from(`${lines.join('\n')}\n\n`), body]);
}

function answerOf(event: Said, { outcome, faults = [] }: Verdict, claimed: ClaimedOrders): WebhookAnswer {
  return { orderId: orderIdOf(event.data), outcome, ...statusOf(event, claimed), ...(faults.length > 0 && { faults }) };
}

/** Of what came before it counts what became of it then; the order may have gone on since. */
function repeated(event: Said, claimed: ClaimedOrders, first?: WebhookAnswer): WebhookAnswer {
  const outcome = first && first.outcome !== 'accepted' && first.outcome !== 'taken' ? first.outcome : 'duplicate';
  return { orderId: orderIdOf(event.data), ...first, outcome, ...statusOf(event, claimed) };
}

function statusOf(event: Said, claimed: ClaimedOrders): Pick<WebhookAnswer, 'status'> {
  const state = isOfItsSender(event) ? claimed.get(orderIdOf(event.data)) : undefined;
  return state ? { status: toldOf(state).status } : {};
}

function judgedOf({ messageId, read }: Stored, received: Received): JudgedMessage {
  if ('unreadable' in received || 'unreadable' in read) return { messageId, outcome: 'unreadable' };
  const { answer } = received;
  return { messageId, eventId: read.reading.event.id, outcome: answer.outcome, answer };
}
