import type { Topic } from '#libs/contracts';

/** What a service sends. With ReceivedMessage the only shape that a broker's adapter and the rest of this library share. */
export interface Message {
  readonly topic: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

export type Header = readonly [name: string, value: Buffer];

/** What a broker has carried. Whoever sent it may be a stranger: it is bytes, and nothing else is certain of it. */
export interface ReceivedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** Milliseconds since 1970, by the clock of the sender or the broker. */
  readonly timestamp: string;
  readonly key: Buffer | null;
  /** As they came, repeated ones too; those without a value are left out. */
  readonly headers: readonly Header[];
  readonly value: Buffer | null;
  /** Why the broker's client could not take it apart; then `value` is what it was given. */
  readonly damage?: string;
}

/**
 * The broker will not take these messages, however often they are sent. A broker judges the batch of a partition: of
 * several messages it may be only one, which is found by sending each alone; then `refused` is empty.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly refused: readonly Message[];

  constructor(cause: string, refused: readonly Message[]) {
    super(cause);
    this.refused = refused;
  }
}

/** Where a group goes on in a partition. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the next message. */
  readonly next: bigint;
}

/** A setting of a topic that is not as we make it. */
export interface Misfit {
  readonly topic: string;
  readonly setting: string;
  readonly is: string;
  readonly wanted: string;
}

/** A type of events, and the topic that tells it. */
export interface ToldType {
  readonly type: string;
  readonly topic: string;
}

/** A type of events that may not be sent yet. */
export interface UnheardType {
  readonly type: string;
  /** In words: who does not know it, or whom nobody could ask. */
  readonly because: readonly string[];
}

/** Port: what this library needs of a broker. `conformance.ts` says what every adapter must do. */
export interface Broker {
  /** Creates the topics that are missing; those that exist stay as they are. Several may do so at once. */
  createTopics(topics: readonly Topic[]): Promise<void>;
  /**
   * What of these topics is not as we would make them: it is left so, since whoever changed it may have had a reason. Of a
   * topic that each channel has one of, all that are there.
   */
  misfitsOf(topics: readonly Topic[]): Promise<Misfit[]>;
  /** What the broker was told of a group: where it would go on. */
  committed(group: string): Promise<Position[]>;
  /**
   * Of these types of events, those that a living member of a service's group does not know although it reads their
   * topic: it is of an earlier version. Also those whose topic a service has read and does not read at the moment: it may
   * come back as of any version. Rejects when it cannot be said.
   */
  unheard(told: readonly ToldType[]): Promise<UnheardType[]>;
  publisher(): Publisher;
  /**
   * A member of `group` that begins where the group left off, or with the oldest message of each of its topics. Of a form
   * of names it takes all topics that are there, and those that come later within half a minute.
   */
  subscription(group: string, topics: readonly (string | RegExp)[], handle: BatchHandler): Subscription;
  /**
   * The only member of a group of its own, whose name begins with `principal`: it begins with what comes next, however
   * often this process has read before.
   */
  feed(principal: string, topics: readonly string[], handle: BatchHandler): Subscription;
}

/** Port: hands messages to the broker, in order; resolves when all of them are safely there. May throw a Refusal. */
export interface Publisher {
  publish(messages: readonly Message[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Port: takes messages of one or more partitions, those of each in its order; resolves when their effects are committed,
 * so that they need not come again. Rejects only when trying again later can help; handing over the same messages again is harmless.
 * Resolves with false when there was nothing to do, and nothing was written that remembers it: the broker is told of these
 * messages with the next ones.
 */
export type BatchHandler = (messages: readonly ReceivedMessage[]) => Promise<unknown>;

/** Port: one member of a consumer group. */
export interface Subscription {
  /** Member of the group, with its partitions assigned. */
  readonly isReady: boolean;
  start(): Promise<void>;
  /** Finishes the batches under way and leaves the group; what was handled does not come again. */
  stop(): Promise<void>;
}
