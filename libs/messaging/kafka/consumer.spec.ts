import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Consumer, Kafka } from 'kafkajs';
import type { KafkaConsumer as Member } from './consumer.ts';

/** So that Jest's timers are those of `node:timers/promises` too. */
jest.unstable_mockModule('node:timers/promises', () => ({
  setTimeout: (delayMs: number) => new Promise((resolve) => setTimeout(resolve, delayMs)),
}));
const { KafkaConsumer } = await import('./consumer.ts');

type Listener = (event: { payload: { error: Error } }) => void;

/** What kafkajs makes: it does nothing and says what it is told to say. */
class FakeConsumer {
  readonly #listeners = new Map<string, Listener>();
  readonly connect = async () => {};
  readonly subscribe = async () => {};
  readonly run = async () => {};
  readonly disconnect = jest.fn(async () => {});

  on(event: string, listener: Listener): void {
    this.#listeners.set(event, listener);
  }

  says(event: string): void {
    this.#listeners.get(`consumer.${event}`)?.({ payload: { error: new TypeError('in kafkajs') } });
  }
}

let made: FakeConsumer[];
let member: Member;

const cluster = {
  connect: async () => {},
  disconnect: async () => {},
  refreshMetadata: async () => {},
  findGroupCoordinator: async () => ({ describeGroups: async () => ({ groups: [] }) }),
};

beforeEach(async () => {
  jest.useFakeTimers();
  made = [];
  const kafka = {
    [Symbol('private:Kafka:createCluster')]: () => cluster,
    consumer: () => {
      made.push(new FakeConsumer());
      return made.at(-1) as unknown as Consumer;
    },
  };
  member = new KafkaConsumer(kafka as unknown as Kafka, 'member', 'group', ['topic'], async () => {});
  await member.start();
});

afterEach(async () => {
  await member.stop();
  jest.useRealTimers();
});

const [first, second] = [() => made[0] as FakeConsumer, () => made[1] as FakeConsumer];

describe('a member is ready', () => {
  it('when it has joined its group, and not while the group is formed anew', () => {
    expect(member.isReady).toBe(false);
    first().says('group_join');
    expect(member.isReady).toBe(true);
    first().says('rebalancing');
    expect(member.isReady).toBe(false);
  });

  it('when a heartbeat is answered after its coordinator was away: it need not join again', () => {
    first().says('rebalancing');
    first().says('heartbeat');
    expect(member.isReady).toBe(true);
  });

  it('no longer when no heartbeat is answered for as long as the group would wait for one', async () => {
    first().says('group_join');
    await jest.advanceTimersByTimeAsync(5_000);
    first().says('heartbeat');
    await jest.advanceTimersByTimeAsync(5_000);
    expect(member.isReady).toBe(true);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(member.isReady).toBe(false);
  });

  it('whatever a consumer still says that was replaced', async () => {
    first().says('crash');
    await jest.advanceTimersByTimeAsync(1_000);
    second().says('group_join');
    first().says('disconnect');
    expect(member.isReady).toBe(true);
  });
});

describe('a member goes on', () => {
  it('when kafkajs gives up for good, by a bug of its own: another consumer takes over', async () => {
    first().says('group_join');
    first().says('crash');
    expect(member.isReady).toBe(false);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(made).toHaveLength(2);
    expect(first().disconnect).toHaveBeenCalled();
  });

  it('when kafkajs neither works nor says so: one that is silent for long is replaced', async () => {
    first().says('group_join');
    await jest.advanceTimersByTimeAsync(20_000);
    expect(made).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(made).toHaveLength(2);
  });

  it('not for ever: after 30 consumers that handled nothing the process ends, for its supervisor to start it again', async () => {
    const exit = jest.spyOn(process, 'exit').mockImplementation((() => {}) as never);
    for (let crash = 1; crash <= 30; crash += 1) {
      made.at(-1)?.says('crash');
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(exit).not.toHaveBeenCalled();
    made.at(-1)?.says('crash');
    expect(exit).toHaveBeenCalledWith(1);
    exit.mockRestore();
  });
});
