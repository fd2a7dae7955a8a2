/** The running services as a journey sees them: their HTTP addresses, and Kafka as a marketplace uses it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Event, writerOf } from '#libs/contracts';
import { configuredKafka, KafkaBroker, type Message, toMessage } from '#libs/messaging/kafka';
import type { KafkaUsers } from '../../deploy/local/kafka/users.ts';
import type { Program, Service } from '../../deploy/local/services.ts';
import { kafkaOf } from '../kit/infrastructure.ts';
import { metricsOf } from '../kit/metrics.ts';
import { signedFetch } from '../kit/sign-in.ts';

const DEADLINE_MS = 30_000;
const POLL_INTERVAL_MS = 50;

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** The body of a 200. */
export async function read<Body>(service: Service, path: string): Promise<Body> {
  const { status, body } = await request<Body>(service, path);
  if (status !== 200) throw new Error(`${service} ${path}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** `key`: the Idempotency-Key, where the operation wants one. */
export function post<Body>(service: Service, path: string, body: unknown = {}, key?: string): Promise<Answer<Body>> {
  return request(service, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
    body: JSON.stringify(body),
  });
}

export async function request<Body>(service: Service, path: string, init: RequestInit = {}): Promise<Answer<Body>> {
  const response = await signedFetch(new URL(`/v1/${path}`, address(service)), init);
  return { status: response.status, body: (await response.json()) as Body };
}

/** Puts events on Kafka, in this order per key. */
export async function send(...events: Event[]): Promise<void> {
  await publish(...events.map(toMessage));
}

/** Messages, each as whoever may write its topic. */
export async function publish(...messages: Message[]): Promise<void> {
  for (const [topic, ofTopic] of Map.groupBy(messages, (message) => message.topic)) {
    const publisher = new KafkaBroker('journey', configuredKafka(kafka().as(writerOf(topic)))).publisher();
    await publisher.publish(ofTopic);
    await publisher.close();
  }
}

export function kafka(): KafkaUsers {
  return kafkaOf(JSON.parse(fromSetup('KAFKA')));
}

/** What `look` finds once it is as it should be; after 30 s an error that shows what it was instead. */
export async function until<T>(look: () => Promise<T>, isThere: (found: T) => boolean): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const found = await look();
    if (isThere(found)) return found;
    if (Date.now() > deadline)
      throw new Error(`not as expected after ${DEADLINE_MS / 1000} s: ${JSON.stringify(found)}`);
    await sleep(POLL_INTERVAL_MS);
  }
}

export function metricsAddress(service: Service): URL {
  return metricsOf(address(service));
}

export function address(program: Program): string {
  return fromSetup(`${program.toUpperCase()}_ADDRESS`);
}

export function fromSetup(variable: string): string {
  const value = process.env[`JOURNEY_${variable}`];
  if (value === undefined)
    throw new Error(`JOURNEY_${variable} is not set: run this file in Jest's project "journeys"`);
  return value;
}
