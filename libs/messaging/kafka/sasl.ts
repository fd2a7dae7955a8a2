import { createRequire } from 'node:module';
import type { SASLOptions } from 'kafkajs';
import type { KafkaUser } from './address.ts';

interface Connection {
  saslAuthenticate(step: object): Promise<unknown>;
}

type Authenticators = (user: { username: string; password: string }) => (connection: Connection) => Authenticator;

interface Authenticator {
  authenticate(): Promise<void>;
}

const scram = createRequire(import.meta.url)('kafkajs/src/broker/saslAuthenticator/scram512.js') as Authenticators;

/**
 * How kafkajs says who we are. Left to itself, kafkajs 2.2.4 takes whatever goes wrong on the way, a connection that is
 * lost or a broker that is slow, for a wrong password, and gives up.
 */
export function saslOf({ name, password, mechanism }: KafkaUser): SASLOptions {
  if (mechanism) return { mechanism, username: name, password };
  const authenticationProvider = (connection: Connection): Authenticator => {
    let failure: unknown;
    const saslAuthenticate = async (step: object): Promise<unknown> => {
      try {
        return await connection.saslAuthenticate(step);
      } catch (error) {
        failure = error;
        throw error;
      }
    };
    const authenticator = scram({ username: name, password })({ ...connection, saslAuthenticate });
    return {
      authenticate: async () => {
        try {
          await authenticator.authenticate();
        } catch (error) {
          throw failure ?? error;
        }
      },
    };
  };
  return { mechanism: 'SCRAM-SHA-512', authenticationProvider } as unknown as SASLOptions;
}
