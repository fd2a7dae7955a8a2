import type { Messages, Outcome, RefusalCode } from './messages.js';

export type {
  Checkout,
  CheckoutCancelled,
  CheckoutDelivered,
  CheckoutDisputeClosed,
  CheckoutDisputed,
  CheckoutShipped,
  Outcome,
  RefundRequest,
  RefusalCode,
} from './messages.js';

/** A CloudEvent in structured mode. */
export interface CloudEvent<Type extends string = string, Data = unknown> {
  readonly specversion: '1.0';
  /** The same when it is sent again; another for anything else. */
  readonly id: string;
  readonly source: string;
  readonly type: Type;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Data;
}

export type OutcomeEvent = CloudEvent<'orders.outcome.v1', Outcome>;

/** What a marketplace sends, by type. */
type Sendable = Omit<Messages, 'orders.outcome.v1'>;

/** One or, while they change, both secrets: the first is the older one. */
type Secret = string | readonly string[];

type Body = string | Uint8Array;

/** Refused by Pasindo, for good: `problem` says why (RFC 9457). */
export class PasindoError extends Error {
  readonly status: number;
  readonly problem?: {
    readonly title: string;
    readonly detail?: string;
    readonly errors?: readonly { readonly field: string; readonly code: string; readonly message: string }[];
  };
  constructor(message: string, status: number, problem?: PasindoError['problem']);
}

/** An event to send. Keep it, or at least its id, until it was taken: sent again it has to be the same. */
export function eventOf<Type extends keyof Sendable>(
  type: Type,
  data: Sendable[Type],
  more?: { readonly id?: string; readonly source?: string; readonly time?: Date },
): CloudEvent<Type, Sendable[Type]>;

/** `Pasindo-Signature` of a body, for now. */
export function sign(body: Body, secret: Secret, now?: Date): string;

/** Whether a signature is of this body, under one of the secrets, and no older than 300 seconds. */
export function verify(body: Body, signature: string | undefined, secret: Secret, now?: Date): boolean;

/** The outcome in a webhook that Pasindo sent. Throws PasindoError if its signature is not right. */
export function received(body: Body, signature: string | undefined, secret: Secret, now?: Date): OutcomeEvent;

export interface Answer {
  readonly orderId: string;
  /** accepted: a checkout; taken: anything else; duplicate: it came before; else why not. */
  readonly outcome: 'accepted' | 'taken' | 'duplicate' | Extract<RefusalCode, 'conflict' | 'invalid' | 'wrong-channel'>;
  /** Of the order now. */
  readonly status?: Outcome['status'];
  /** This very event was heard before; nothing was done. */
  readonly repeated: boolean;
  readonly errors?: readonly { readonly field: string; readonly code: string; readonly message: string }[];
}

interface Patience {
  /** How often it is tried (6), and how long after the first that fails (500 ms), doubled each time. */
  readonly attempts?: number;
  readonly firstWaitMs?: number;
}

/** Sends an event by webhook, again where that can help: nothing happens twice. Throws PasindoError if it is refused. */
export function send(
  event: CloudEvent<string, { readonly channel: string }>,
  to: Patience & { readonly url: string | URL; readonly secret: Secret; readonly channel?: string },
): Promise<Answer>;

/** What has become of a channel's orders after a position, until there is nothing more; keep `after` for the next time. */
export function outcomes(
  of: Patience & {
    readonly url: string | URL;
    readonly channel: string;
    readonly token: string | (() => string | Promise<string>);
    readonly after?: number;
  },
): AsyncGenerator<{ readonly outcome: OutcomeEvent; readonly after: number }, void, void>;

/** An event as a message of Kafka, for anybody's producer. */
export function toKafka(event: CloudEvent<string, { readonly channel: string; readonly orderRef: string }>): {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
};
