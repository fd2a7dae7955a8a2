import type { ReceivedMessage } from './broker.ts';

/** A message that no repetition will make readable. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';
}

/** A CloudEvent as it was sent, in whichever mode; nothing in it is judged yet. */
export interface Envelope {
  /** Of the attribute of this name: text without control characters. Undefined: absent. Throws if it is no text. */
  attribute(name: string): string | undefined;
  /** What the event says: parsed JSON. Throws if it is none. */
  data(): unknown;
  /** What it says, as it was sent. */
  readonly bytes: Buffer;
}

const STRUCTURED = 'application/cloudevents+json';

/** CloudEvents 1.0 over Kafka: binary mode, where attributes are headers, and structured mode, where all is one JSON. */
export function envelopeOf(message: ReceivedMessage): Envelope {
  if (message.damage !== undefined) throw new UnreadableMessage(message.damage);
  const headers = new Map(message.headers.map(([name, value]) => [attributeName(name), value]));
  const contentType = headers.get('content-type')?.toString() ?? '';
  const [mediaType = ''] = contentType.toLowerCase().split(/[;\s]/, 1);
  if (mediaType === STRUCTURED) return structured(message.value, contentType);
  if (mediaType.startsWith('application/cloudevents-batch')) throw new UnreadableMessage(BATCH);
  if (mediaType.startsWith('application/cloudevents')) {
    throw new UnreadableMessage(`is a CloudEvent in ${printable(mediaType)}: only ${STRUCTURED} is understood`);
  }
  return {
    attribute: (name) => {
      const value = headers.get(PREFIX + name);
      return value && plain(name, value.toString());
    },
    data: once(() => parsed(message.value, contentType)),
    bytes: message.value ?? Buffer.alloc(0),
  };
}

const PREFIX = 'ce_';

const attributeNames = new Map<string, string>();
const ATTRIBUTE_NAMES_MAX = 1_000;

/** Whoever knows CloudEvents from HTTP writes `Ce-Id`. */
function attributeName(header: string): string {
  const known = attributeNames.get(header);
  if (known !== undefined) return known;
  const name = header.toLowerCase().replace(/^ce-/, PREFIX);
  if (attributeNames.size < ATTRIBUTE_NAMES_MAX) attributeNames.set(header, name);
  return name;
}

const BATCH = 'is a batch of CloudEvents: each event is to be a message of its own, else their order could not be kept';

function structured(value: Buffer | null, contentType: string): Envelope {
  const event = parsed(value, contentType);
  if (Array.isArray(event)) throw new UnreadableMessage(BATCH);
  if (typeof event !== 'object' || event === null) throw new UnreadableMessage('is no CloudEvent: an object is wanted');
  const members = new Map<string, unknown>(Object.entries(event));
  const { data, data_base64: base64 } = Object.fromEntries(members);
  return {
    attribute: (name) => {
      const attribute = members.get(name);
      return attribute === undefined || attribute === null ? undefined : plain(name, attribute);
    },
    data: once(() => {
      if (base64 === undefined) return data;
      if (typeof base64 !== 'string' || data !== undefined) throw new UnreadableMessage('has no one text data_base64');
      return parsed(Buffer.from(base64, 'base64'), '');
    }),
    bytes: value ?? Buffer.alloc(0),
  };
}

function once(read: () => unknown): () => unknown {
  let result: { value: unknown } | undefined;
  return () => {
    result ??= { value: read() };
    return result.value;
  };
}

function parsed(value: Buffer | null, contentType: string): unknown {
  if (value === null) throw new UnreadableMessage('has no value');
  const [, charset = 'utf-8'] = /charset\s*=\s*"?([^"\s;]+)/i.exec(contentType) ?? [];
  const text = decoded(value, charset);
  try {
    return JSON.parse(text);
  } catch (error) {
    const [place = ''] = / at position \d+/.exec((error as Error).message) ?? []; // the rest may quote what was sent
    throw new UnreadableMessage(`is not JSON${place}`);
  }
}

/** Without the byte order mark that some put in front of it. */
function decoded(value: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(value).replace(/^\uFEFF+/, '');
  } catch {
    throw new UnreadableMessage(`is not ${printable(charset)}`);
  }
}

function plain(name: string, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new UnreadableMessage(`${name} is no text`);
  const text = String(value);
  if (/[\p{Cc}\p{Cs}\uFFFD]/u.test(text)) throw new UnreadableMessage(`${name} is not plain text`);
  return text;
}

const PRINTED_CHARACTERS_MAX = 500;

/** Text of others for a log, a table or a terminal: nothing in it that cannot be seen, and not too much of it. */
export function printable(text: string): string {
  return text.slice(0, PRINTED_CHARACTERS_MAX).replace(/\p{C}/gu, '\uFFFD');
}
