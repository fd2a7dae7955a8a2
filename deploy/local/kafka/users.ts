/** As whom processes come to a Kafka: what each principal's environment says of it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { passwordFile } from '../../kafka/passwords.ts';

const ACCESS = fileURLToPath(new URL('../../../dist/deploy/kafka/main.js', import.meta.url));

export const ADMINISTRATOR = 'admin';

/** `KAFKA_BROKERS` and the like. */
type Environment = Readonly<Record<string, string>>;

export interface KafkaUsers {
  /** `host:port`, separated by commas. */
  readonly brokers: string;
  /** Of somebody who may do anything. */
  readonly administrator: Environment;
  /** Of a principal of deploy/kafka. */
  as(principal: string): Environment;
}

/** Of a Kafka that knows no users. */
export function nobody(brokers: string): KafkaUsers {
  const environment = { KAFKA_BROKERS: brokers };
  return { brokers, administrator: environment, as: () => environment };
}

/** @param passwords directory that holds the passwords of all, the administrator's too unless he is given */
export function usersOf(brokers: string, passwords: string, administrator?: Environment): KafkaUsers {
  const as = (principal: string): Environment => ({
    KAFKA_BROKERS: brokers,
    KAFKA_USERNAME: principal,
    KAFKA_PASSWORD: '', // whatever our own environment says
    KAFKA_PASSWORD_FILE: passwordFile(passwords, principal),
  });
  return { brokers, administrator: { KAFKA_PASSWORDS: passwords, ...(administrator ?? as(ADMINISTRATOR)) }, as };
}

/**
 * Makes topics and principals, those of these channels too, by what is built (deploy/kafka).
 * @param more of its settings
 * @returns who may do what
 * @throws Error with its words when the Kafka does not let it
 */
export async function makeAccess(
  { administrator }: KafkaUsers,
  channels: readonly string[],
  more: Environment = {},
): Promise<string> {
  const env = { ...process.env, ...administrator, ...more };
  const run = promisify(execFile)(process.execPath, [ACCESS, ...channels], { env });
  const { stdout } = await run.catch(({ stdout, stderr }) => {
    throw new Error(`Kafka's topics and principals could not be made: ${stderr}${stdout}`);
  });
  return stdout.trimEnd();
}
