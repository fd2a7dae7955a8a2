import { hostname } from 'node:os';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type DataOf, decisionChanged, type Event, journalPosted } from '#libs/contracts';
import { EventFeed } from '#libs/messaging';
import { KafkaBroker } from '#libs/messaging/kafka';
import { type Change, changeByDecision, changeByJournal } from './change.ts';

type Listener = (change: Change) => void;

/** What happens in the books, told to whoever listens now. */
@Injectable()
export class FeedService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #listeners = new Set<Listener>();
  readonly #feed = new EventFeed(
    new KafkaBroker(`portal@${hostname()}:${process.env.PORT ?? 'default'}`),
    'portal',
    [journalPosted, decisionChanged],
    (event) => this.#tell(event),
  );

  get isReady(): boolean {
    return this.#feed.isReady;
  }

  /** @returns ends it */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onApplicationBootstrap(): void {
    this.#feed.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.#feed.stop();
  }

  #tell({ type, data }: Event): void {
    const changes =
      type === journalPosted.type
        ? changeByJournal(data as DataOf<typeof journalPosted>)
        : changeByDecision(data as DataOf<typeof decisionChanged>);
    for (const change of changes) for (const listener of this.#listeners) listener(change);
  }
}
