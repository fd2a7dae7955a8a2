/** What kafkajs 2.2.4 cannot ask of a broker: users with their passwords, and how much each may write. */
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Kafka } from 'kafkajs';
import { clusterOf } from './cluster.ts';

const ALTER_CLIENT_QUOTAS = 49;
const ALTER_USER_SCRAM_CREDENTIALS = 51;
const SCRAM_SHA_512 = 2;
/** The least that clients take; more would only slow them down: no password of ours can be guessed. */
const ITERATIONS = 4_096;
const HASH_BYTES = 64;
const SALT_BYTES = 32;

interface Encoder {
  writeInt8(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeDouble(value: number): Encoder;
  writeBoolean(value: boolean): Encoder;
  writeString(text: string): Encoder;
  writeArray(entries: Encoder[]): Encoder;
  writeUVarInt(value: number): Encoder;
  writeUVarIntString(text: string): Encoder;
  writeUVarIntBytes(bytes: Buffer): Encoder;
  writeUVarIntArray(entries: Encoder[]): Encoder;
}

interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readString(): string | null;
  readArray<Entry>(read: (decoder: Decoder) => Entry): Entry[];
  readUVarIntString(): string | null;
  readUVarIntArray<Entry>(read: (decoder: Decoder) => Entry): Entry[] | null;
  readTaggedFields(): void;
}

const kafkajs = createRequire(import.meta.url);
const Encoder = kafkajs('kafkajs/src/protocol/encoder.js') as new () => Encoder;
const Decoder = kafkajs('kafkajs/src/protocol/decoder.js') as new (answer: Buffer) => Decoder;

const NO_TAGS = 0;

/** Makes users, or changes their passwords, by name. Who is connected stays it. */
export async function setPasswords(kafka: Kafka, passwords: ReadonlyMap<string, string>): Promise<void> {
  const upsertions = [...passwords].map(([name, password]) => {
    const salt = randomBytes(SALT_BYTES);
    return new Encoder()
      .writeUVarIntString(name)
      .writeInt8(SCRAM_SHA_512)
      .writeInt32(ITERATIONS)
      .writeUVarIntBytes(salt)
      .writeUVarIntBytes(pbkdf2Sync(password, salt, ITERATIONS, HASH_BYTES, 'sha512'))
      .writeUVarInt(NO_TAGS);
  });
  const body = new Encoder()
    .writeUVarInt(NO_TAGS) // of the head
    .writeUVarIntArray([]) // deletions
    .writeUVarIntArray(upsertions)
    .writeUVarInt(NO_TAGS);
  await ask(kafka, 'AlterUserScramCredentials', ALTER_USER_SCRAM_CREDENTIALS, body, (answer) => {
    answer.readTaggedFields(); // of the head
    answer.readInt32(); // throttled
    return (
      answer.readUVarIntArray((result) => {
        result.readUVarIntString(); // user
        const failure = { code: result.readInt16(), message: result.readUVarIntString() };
        result.readTaggedFields();
        return failure;
      }) ?? []
    );
  });
}

/** How many bytes a second each of these users may write to a broker; it makes who writes more wait. */
export async function setWriteQuota(kafka: Kafka, users: readonly string[], bytesPerSecond: number): Promise<void> {
  const entries = users.map((name) =>
    new Encoder()
      .writeArray([new Encoder().writeString('user').writeString(name)])
      .writeArray([new Encoder().writeString('producer_byte_rate').writeDouble(bytesPerSecond).writeBoolean(false)]),
  );
  const body = new Encoder().writeArray(entries).writeBoolean(false); // not only to see whether it could be
  await ask(kafka, 'AlterClientQuotas', ALTER_CLIENT_QUOTAS, body, (answer) => {
    answer.readInt32(); // throttled
    return answer.readArray((result) => {
      const failure = { code: result.readInt16(), message: result.readString() };
      result.readArray((entity) => [entity.readString(), entity.readString()]);
      return failure;
    });
  });
}

interface Failure {
  /** 0: none. */
  readonly code: number;
  readonly message: string | null;
}

/** https://kafka.apache.org/protocol: version 0 of these requests. */
async function ask(
  kafka: Kafka,
  apiName: string,
  apiKey: number,
  body: Encoder,
  failuresIn: (answer: Decoder) => Failure[],
): Promise<void> {
  const cluster = clusterOf(kafka);
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    const { connectionPool } = await cluster.findControllerBroker();
    const failures = await connectionPool.send<Failure[]>({
      request: { apiKey, apiVersion: 0, apiName, encode: async () => body },
      response: {
        decode: async (answer: Buffer) => failuresIn(new Decoder(answer)),
        parse: async (decoded: Failure[]) => decoded,
      },
    });
    const [failure] = failures.filter(({ code }) => code !== 0);
    if (failure) throw new Error(`${apiName}: ${failure.message ?? `error ${failure.code}`}`);
  } finally {
    await cluster.disconnect();
  }
}
