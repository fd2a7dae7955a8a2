import { Injectable } from '@nestjs/common';
import type { Violation } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { configuredKeys, Sealer } from '#libs/sealing';
import type { Verdict } from '../checkouts/marketplace-events.service.ts';

/** What a webhook is answered: what became of what it said. */
export interface WebhookAnswer {
  readonly orderId: string;
  readonly outcome: Verdict['outcome'];
  /** Of the order now; absent: it is another channel's. */
  readonly status?: string;
  readonly faults?: readonly Violation[];
}

/** Headers and body as one text, as HTTP has them. */
export interface SentMessage {
  readonly messageId: string;
  readonly channel: string;
  readonly content: Buffer;
}

export interface ListedMessage {
  readonly messageId: string;
  readonly channel: string;
  readonly receivedAt: Date;
  readonly outcome: string | null;
  readonly orderId: string | null;
}

export interface JudgedMessage {
  readonly messageId: string;
  readonly eventId?: string;
  readonly outcome: string;
  readonly answer?: WebhookAnswer;
}

const LISTED = `message_id AS "messageId", channel, received_at AS "receivedAt", outcome, answer ->> 'orderId' AS "orderId"`;
const aboutOf = (messageId: string): string => `webhook ${messageId}`;

@Injectable()
export class WebhookMessageRepository {
  readonly #sealer = new Sealer(configuredKeys('SEALING_KEYS'), 'webhook messages');

  /** Those that are kept already stay as they are. */
  async add(reader: Pick<Transaction, 'query'>, messages: readonly SentMessage[]): Promise<void> {
    await reader.query(
      `INSERT INTO webhook_message (message_id, channel, sealed)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[])
       ON CONFLICT DO NOTHING`,
      [
        messages.map(({ messageId }) => messageId),
        messages.map(({ channel }) => channel),
        messages.map(({ messageId, content }) => this.#sealer.seal(content, aboutOf(messageId))),
      ],
    );
  }

  judge(transaction: Transaction, messages: readonly JudgedMessage[]): void {
    transaction.write(
      `UPDATE webhook_message SET event_id = judged.event_id, outcome = judged.outcome, answer = judged.answer
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::json[]) AS judged (message_id, event_id, outcome, answer)
        WHERE webhook_message.message_id = judged.message_id`,
      [
        messages.map(({ messageId }) => messageId),
        messages.map(({ eventId }) => eventId),
        messages.map(({ outcome }) => outcome),
        messages.map(({ answer }) => answer && JSON.stringify(answer)),
      ],
    );
  }

  /** What was answered first, by event; of an event that came another way, nothing. */
  async answers(transaction: Transaction, eventIds: readonly string[]): Promise<Map<string, WebhookAnswer>> {
    if (eventIds.length === 0) return new Map();
    const rows = await transaction.query<{ eventId: string; answer: WebhookAnswer }>(
      `SELECT DISTINCT ON (event_id) event_id AS "eventId", answer FROM webhook_message
        WHERE event_id = ANY ($1::uuid[]) AND answer IS NOT NULL ORDER BY event_id, message_id`,
      [eventIds],
    );
    return new Map(rows.map(({ eventId, answer }) => [eventId, answer]));
  }

  /** Newest first, from before one of them on. */
  list(
    reader: Pick<Transaction, 'query'>,
    { before, channels }: { before: string | undefined; channels: readonly string[] | null },
    limit: number,
  ): Promise<ListedMessage[]> {
    return reader.query<ListedMessage>(
      `SELECT ${LISTED} FROM webhook_message
        WHERE ($1::uuid IS NULL OR message_id < $1) AND ($3::text[] IS NULL OR channel = ANY ($3))
        ORDER BY message_id DESC LIMIT $2`,
      [before, limit, channels],
    );
  }

  async open(
    reader: Pick<Transaction, 'query'>,
    messageId: string,
  ): Promise<(ListedMessage & { readonly content: string }) | undefined> {
    const [row] = await reader.query<ListedMessage & { sealed: Buffer }>(
      `SELECT ${LISTED}, sealed FROM webhook_message WHERE message_id = $1`,
      [messageId],
    );
    if (!row) return undefined;
    const { sealed, ...listed } = row;
    return { ...listed, content: this.#sealer.open(sealed, aboutOf(messageId)).toString() };
  }
}
