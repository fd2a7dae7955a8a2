/** Sends to Kafka what kafkajs cannot, as other people's clients do: their codecs, headers without a value, any bytes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { writerOf } from '#libs/contracts';
import { configuredKafka } from '#libs/messaging/kafka';
import { kafkaClient } from '../../deploy/local/embedded.ts';
import type { KafkaUsers } from '../../deploy/local/kafka/users.ts';

const SOURCE = fileURLToPath(new URL('ForeignProducer.java', import.meta.url));

export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

export interface ForeignRecord {
  readonly codec: (typeof CODECS)[number];
  readonly topic: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** By name, in this order. */
  readonly headers: readonly (readonly [string, Buffer | null])[];
}

/** Where the broker has a record. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

export interface ForeignProducer {
  /** Until the broker has it. Of one codec and key, records that are sent one after another stand in that order. */
  send(record: ForeignRecord): Promise<Place>;
  close(): Promise<void>;
}

/** Apache Kafka's own Java client, from the jars of the local broker. Each topic is written as whoever may write it. */
export async function startForeignProducer({ brokers, as }: KafkaUsers): Promise<ForeignProducer> {
  const { java, jars } = await kafkaClient(console.error);
  const child = spawn(java, ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', jars, SOURCE, brokers], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const waiting = new Map<string, (answer: string[]) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [number = '', ...answer] = line.split('\t');
    waiting.get(number)?.(answer);
    waiting.delete(number);
  });
  void ended.then(() => {
    for (const answer of waiting.values()) answer(['failed', 'the Java process has ended']);
  });

  let sent = 0;
  const send = async (record: ForeignRecord): Promise<Place> => {
    const { codec, topic, key, value, headers } = record;
    const number = `${sent++}`;
    const answered = new Promise<string[]>((resolve) => waiting.set(number, resolve));
    const { user } = configuredKafka(as(writerOf(topic)));
    const bytes = [key, value, ...headers.flatMap(([name, text]) => [Buffer.from(name), text])];
    child.stdin.write(
      `${[number, codec, topic, user?.name ?? '', user?.password ?? '', ...bytes.map((each) => each?.toString('base64') ?? '-')].join('\t')}\n`,
    );
    const [partition = '', offset = ''] = await answered;
    if (partition === 'failed') throw new Error(`the broker did not take a record: ${offset}`);
    return { topic, partition: Number(partition), offset };
  };
  const close = async (): Promise<void> => {
    child.stdin.end();
    await ended;
  };
  return { send, close };
}
