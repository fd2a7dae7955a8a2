import type { Service } from '../local/services.ts';

interface RunningStack {
  kafkaBrokers: string;
  /** `http://host:port` of each service. */
  addresses: Record<Service, string>;
}

/** Loads the demo catalogue, sends one demo checkout through Kafka and prints how the sale was shared. */
export async function runDemo(_stack: RunningStack): Promise<void> {}
