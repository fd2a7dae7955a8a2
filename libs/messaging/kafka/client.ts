import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Kafka, logLevel } from 'kafkajs';

import { log, withoutQuotes } from '#libs/observability';
import { configuredKafka, type KafkaAddress } from './address.ts';
import { readFetchesOurselves } from './fetched.ts';
import { writeBatchesOurselves } from './produced.ts';
import { lookAfterWaitingRequestsOnly } from './request-queue.ts';
import { saslOf } from './sasl.ts';

/** Retried by kafkajs itself and normal at every start or rebalance; anything else that it calls an error is one. */
const HARMLESS =
  /coordinator|rebalanc|Restarting the consumer|leader|does not host|not aware of this member|Connection (error|timeout)|Closed connection|ECONNREFUSED|request .*timed out/i;

const CONNECTION_TIMEOUT_MS = 2_000;
/**
 * Longer than a broker takes for what it does not hold back on purpose (which kafkajs allows more): our connection to it
 * is none any more. If it was only slow, nothing is lost but the time: what is asked again has the same sequence number.
 */
const REQUEST_TIMEOUT_MS = 2_000;

/** Of each client, with the broker (host:port) that they lead to. */
const sockets = new WeakMap<Kafka, Map<Socket, string>>();

/**
 * Reconnects quickly and for ever: a broker that comes back after a kill is found within a second, and whoever waits
 * decides for himself how long.
 */
export function connectKafka(clientId: string, address: KafkaAddress = configuredKafka()): Kafka {
  const { brokers, user, tlsCa } = address;
  readFetchesOurselves();
  writeBatchesOurselves();
  lookAfterWaitingRequestsOnly();
  const seeds = brokers.split(',');
  let turn = 0;
  const open = new Map<Socket, string>();
  const kafka = new Kafka({
    clientId,
    ...(user && { sasl: saslOf(user) }),
    ...(tlsCa !== undefined && { ssl: { ca: tlsCa } }),
    brokers: () => [seeds[turn++ % seeds.length] as string], // else every one begins with the first
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    socketFactory: ({ host, port, ssl, onConnect }) => {
      const socket = ssl
        ? connectTls({ host, port, ...(!isIP(host) && { servername: host }), ...ssl }, onConnect)
        : connectSocket({ host, port }, onConnect);
      open.set(socket, `${host}:${port}`);
      return mended(socket)
        .setNoDelay(true)
        .setKeepAlive(true, REQUEST_TIMEOUT_MS)
        .once('close', () => open.delete(socket));
    },
    retry: {
      initialRetryTime: 100,
      maxRetryTime: 500,
      factor: 0.2,
      multiplier: 1.5,
      retries: 10,
    },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, level, log: { message, ...details } }) => {
        const text = `kafka ${namespace}: ${message}`;
        const cause = details.error ? ` (${withoutQuotes(`${details.error}`)})` : '';
        if (level === logLevel.ERROR && !HARMLESS.test(`${message} ${details.error ?? ''}`)) log.error(text + cause);
        else log.debug(text + cause);
      },
  });
  sockets.set(kafka, open);
  return kafka;
}

/**
 * Ends this client's connections to a broker, so that it makes new ones. For when a request was not answered in time:
 * kafkajs would send the next one over the same connection, and one that a router has forgotten stays silent for ever.
 * @param broker host:port
 */
export function dropConnections(kafka: Kafka, broker: string): void {
  for (const [socket, end] of sockets.get(kafka) ?? [])
    if (end === broker) socket.destroy(new Error('no answer in time'));
}

/**
 * What kafkajs does not know of its connections:
 *
 * - One that ends before it has carried anything was refused, by a proxy whose broker is gone. kafkajs would take it for
 *   one that a living broker has closed, and try that broker again and again before it asks any other.
 * - One that ends within an answer has left a part of it with kafkajs, which takes what the next connection brings for
 *   the rest: it would understand no answer of this broker any more, over however many connections.
 */
function mended(socket: Socket): Socket {
  const on = socket.on.bind(socket);
  const listeners: Record<string, (listener: (data: Buffer) => void) => typeof listener> = {
    data: inWholeAnswers,
    end: (listener) => (data) => (socket.bytesRead === 0 ? void socket.destroy(new Error('refused')) : listener(data)),
  };
  socket.on = ((event: string, listener: (data: Buffer) => void) =>
    on(event, listeners[event]?.(listener) ?? listener)) as Socket['on'];
  return socket;
}

const SIZE_BYTES = 4;

/** Hands over answers (their size, then so many bytes) once they are whole. */
export function inWholeAnswers(listener: (answers: Buffer) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let bytes = 0;
  let wanted = SIZE_BYTES;
  return (chunk) => {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes < wanted) return;
    const data = Buffer.concat(parts);
    let end = 0;
    wanted = SIZE_BYTES;
    while (bytes - end >= SIZE_BYTES) {
      const size = SIZE_BYTES + data.readInt32BE(end);
      if (size > bytes - end) {
        wanted = size;
        break;
      }
      end += size;
    }
    parts = [data.subarray(end)];
    bytes -= end;
    if (end > 0) listener(data.subarray(0, end));
  };
}
