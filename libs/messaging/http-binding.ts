import type { IncomingHttpHeaders } from 'node:http';
import type { Header } from './broker.ts';
import { type Reading, readUnkeyed } from './cloud-events.ts';
import { UnreadableMessage } from './envelope.ts';

/** Of no broker: no partition has this number. */
const NOWHERE = { partition: -1, offset: '0' };

/**
 * What a CloudEvent says that came over HTTP, structured or binary, as if it had come on this topic: so it is the same
 * event, whichever way it came. Throws UnreadableMessage with what is wrong.
 */
export function readFromHttp(topic: string, headers: IncomingHttpHeaders, value: Buffer): Reading {
  const said = Object.entries(headers).flatMap(([name, text]): Header[] =>
    typeof text === 'string' && (name === 'content-type' || name.startsWith('ce-'))
      ? [[name, Buffer.from(name === 'content-type' ? text : decoded(name, text))]]
      : [],
  );
  return readUnkeyed({ topic, ...NOWHERE, timestamp: String(Date.now()), headers: said, value });
}

/** CloudEvents 1.0 has attributes in headers percent-encoded, where they are more than plain ASCII. */
function decoded(name: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UnreadableMessage(`${name} is not percent-encoded UTF-8`);
  }
}
