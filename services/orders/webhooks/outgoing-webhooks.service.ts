import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Database } from '#libs/database';
import { log } from '#libs/observability';
import { RepeatedWork } from '#libs/service';
import { ChannelRepository, type ChannelWithTerms } from '../channels/channel.repository.ts';
import { termsAt } from '../channels/terms.ts';
import { eventViewOf } from '../outcomes/outcome.dto.ts';
import { OutcomeRepository } from '../outcomes/outcome.repository.ts';
import { type DueWebhook, OutgoingWebhookRepository } from './outgoing-webhook.repository.ts';
import { SIGNATURE_HEADER, signatureOf } from './signature.ts';
import { WebhookSecrets } from './webhook-secrets.service.ts';
import { NotTaken, WebhookSender } from './webhook-sender.service.ts';

const INTERVAL_MS = 500;
const QUEUED_AT_ONCE = 500;
const SENT_AT_ONCE = 20;
const MINUTE_MS = 60_000;

const sentTotal = new Counter({
  name: 'outgoing_webhooks_total',
  help: 'Attempts to send an outcome by webhook',
  labelNames: ['outcome'],
});

/** How long a receiver is waited for, and how often it is tried again. */
@Injectable()
export class WebhookPatience {
  answerMs = 10_000;
  /** After the first attempts that fail, one by one. */
  againAfterMs: readonly number[] = [1, 5, 30, 120].map((minutes) => minutes * MINUTE_MS);
  thenEveryMs = 360 * MINUTE_MS;
  givenUpAfterMs = 3 * 24 * 60 * MINUTE_MS;
}

/** Where a channel is told, and since when. */
interface Receiver {
  readonly channel: string;
  readonly address: string;
  readonly since: Date;
}

/**
 * Tells marketplaces by webhook what has become of their orders: an order's next only after its last was taken. Several
 * instances share the work; a channel whose receiver is slow keeps no other waiting.
 */
@Injectable()
export class OutgoingWebhooksService extends RepeatedWork {
  readonly #busy = new Map<string, Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly channels: ChannelRepository,
    private readonly outcomes: OutcomeRepository,
    private readonly webhooks: OutgoingWebhookRepository,
    private readonly sender: WebhookSender,
    private readonly secrets: WebhookSecrets,
    private readonly patience: WebhookPatience,
  ) {
    super(INTERVAL_MS, 'webhooks not sent');
  }

  override async onModuleDestroy(): Promise<void> {
    await super.onModuleDestroy();
    await Promise.all(this.#busy.values());
  }

  protected override async work(signal: AbortSignal): Promise<boolean> {
    for (const known of await this.channels.all(this.database)) {
      const { channelId: channel } = known;
      const receiver = receiverOf(known);
      if (this.#busy.has(channel) || !receiver) continue;
      const telling = this.#tell(receiver, signal).catch((error) =>
        log.warn({ err: error, channel }, 'webhooks not sent'),
      );
      this.#busy.set(
        channel,
        telling.finally(() => this.#busy.delete(channel)),
      );
    }
    return false;
  }

  /** While something is due. Where it is told, and with which secret, may have changed after each round. */
  async #tell(first: Receiver, signal: AbortSignal): Promise<void> {
    const { channel } = first;
    for (let receiver: Receiver | undefined = first; receiver && !signal.aborted; ) {
      const { address } = receiver;
      const secrets = await this.secrets.of(channel);
      if (secrets.length === 0) return;
      const queued = await this.#queue(receiver);
      const due = await this.webhooks.claim(this.database, channel, SENT_AT_ONCE, 2 * this.patience.answerMs);
      const errors = await Promise.all(due.map((webhook) => this.#send(webhook, address, secrets)));
      if (due.length > 0) await this.#record(channel, due, errors);
      else if (queued === 0) return;
      receiver = receiverOf((await this.channels.all(this.database)).find(({ channelId }) => channelId === channel));
    }
  }

  /** @returns how many outcomes there were */
  #queue({ channel, since }: Receiver): Promise<number> {
    return this.database.transaction(async (transaction) => {
      await this.channels.lock(transaction, channel);
      const after = await this.webhooks.positionOf(transaction, channel);
      const outcomes = await this.outcomes.take(transaction, channel, after, QUEUED_AT_ONCE);
      if (outcomes.length === 0) return 0;
      this.webhooks.add(
        transaction,
        outcomes.filter(({ toldAt }) => toldAt >= since),
      );
      this.webhooks.passTo(transaction, channel, outcomes.at(-1)?.position ?? after);
      return outcomes.length;
    });
  }

  /** @returns why it was not taken; undefined: it was */
  async #send(webhook: DueWebhook, address: string, secrets: readonly string[]): Promise<string | undefined> {
    const body = Buffer.from(JSON.stringify(eventViewOf(webhook)));
    const headers = {
      'content-type': 'application/cloudevents+json',
      'idempotency-key': webhook.outcomeId,
      [SIGNATURE_HEADER]: signatureOf(body, secrets, new Date()),
    };
    try {
      await this.sender.post(address, headers, body, this.patience.answerMs);
      return undefined;
    } catch (error) {
      if (error instanceof NotTaken) return error.message;
      throw error;
    }
  }

  #record(channel: string, due: readonly DueWebhook[], errors: readonly (string | undefined)[]): Promise<void> {
    const failed = due.flatMap((webhook, index) => {
      const error = errors[index];
      return error === undefined ? [] : [{ webhook, error, againInMs: this.#againInMs(webhook) }];
    });
    const taken = due.filter((_, index) => errors[index] === undefined);
    return this.database.transaction(async (transaction) => {
      await this.channels.lock(transaction, channel);
      this.webhooks.taken(transaction, taken);
      this.webhooks.notTaken(transaction, failed);
      transaction.afterCommit(() => {
        sentTotal.inc({ outcome: 'taken' }, taken.length);
        sentTotal.inc({ outcome: 'not-taken' }, failed.length);
        const givenUp = failed.filter(({ againInMs }) => againInMs === undefined).length;
        if (givenUp > 0) log.error({ channel, webhooks: givenUp }, 'webhooks given up: they wait for a redrive');
      });
    });
  }

  #againInMs({ attempts, since }: DueWebhook): number | undefined {
    const { againAfterMs, thenEveryMs, givenUpAfterMs } = this.patience;
    return Date.now() - since.getTime() >= givenUpAfterMs ? undefined : (againAfterMs[attempts - 1] ?? thenEveryMs);
  }
}

/** What was told before a channel wanted to be told is not sent. */
function receiverOf(found?: ChannelWithTerms): Receiver | undefined {
  const address = found && termsAt(found.versions, new Date())?.terms.outcomesTo;
  if (!found || address === undefined) return undefined;
  const wanted = found.versions.filter(({ terms }) => terms.outcomesTo !== undefined);
  const since = new Date(Math.min(...wanted.map(({ effectiveFrom }) => +effectiveFrom)));
  return { channel: found.channelId, address, since };
}
