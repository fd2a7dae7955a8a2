import type { Static, TObject, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Pointer } from 'typebox/value';
import type { Topic } from './topics.ts';
import { type Fault, fault, kindOf, REQUIRED } from './values/kind.ts';

/** What a contract says about one event type: where it travels, what orders it, what it carries. */
export interface EventDefinition<Data = unknown> {
  /** CloudEvents type, with its version: `orders.order-paid.v1`. */
  readonly type: string;
  readonly summary: string;
  readonly topic: Topic;
  readonly schema: TSchema;
  /** It comes from outside: what its schema refuses becomes a visible rejection, so its rules for values may narrow. */
  readonly isFromOutside: boolean;
  /** For who reads about it, of what marketplaces send and are told. */
  readonly example?: unknown;
  /** Kafka key: events of one key are delivered in the order in which they were written. */
  key(data: Data): string;
  /** Empty if the data may be delivered to a consumer of this type, else what is wrong, by field. */
  violations(data: unknown): Violation[];
}

export interface Violation extends Fault {
  /** Path of the field, `lines/0/quantity`; empty for the whole. */
  readonly field: string;
}

/** The data type of a definition: `DataOf<typeof orderPaid>`. */
export type DataOf<Definition> = Definition extends EventDefinition<infer Data> ? Data : never;

/** One event as it leaves or reaches a service (CloudEvents 1.0 names, our spelling). */
export interface Event<Data = unknown> {
  /** UUID. Redelivery keeps it, so it is what the inbox compares. */
  readonly id: string;
  readonly type: string;
  readonly source: string;
  /** ISO 8601 instant of writing. */
  readonly time: string;
  readonly key: string;
  /** One id from the checkout to the ledger entry. */
  readonly correlationId: string;
  /** Id of the event that caused this one. */
  readonly causationId?: string;
  /** Of an event whose id is still to be made of what caused it (libs/messaging/outbox.ts): when that was written. */
  readonly causedAt?: string;
  readonly traceparent?: string;
  /** Of an event from outside: whose topic it came on, where the broker lets nobody else write. */
  readonly sender?: string;
  readonly data: Data;
}

interface EventDraft<Schema extends TObject> {
  type: string;
  summary: string;
  topic: Topic;
  schema: Schema;
  key(data: Static<Schema>): string;
  /**
   * What a consumer takes, where that is more than the published schema: events from outside are taken if they can be
   * told apart, so that a faulty one becomes a visible rejection instead of a dead letter.
   */
  accepts?: TSchema;
  example?: Static<Schema>;
}

export function defineEvent<Schema extends TObject>(draft: EventDraft<Schema>): EventDefinition<Static<Schema>> {
  const { accepts = draft.schema, ...definition } = draft;
  return { ...definition, isFromOutside: accepts !== draft.schema, violations: violationsOf(accepts) };
}

/** Compiles a schema into a check that lists what is wrong, by field. */
export function violationsOf(schema: TSchema): (data: unknown) => Violation[] {
  const validator = Compile(schema);
  return (data) => {
    if (validator.Check(data)) return [];
    const judged = new Set<string>();
    return validator.Errors(data).flatMap((error): Violation[] => {
      const { keyword, instancePath, schemaPath, message } = error;
      const field = fieldOf(instancePath);
      if (keyword === 'required') {
        return error.params.requiredProperties.map((name) => ({
          field: fieldOf(`${instancePath}/${name}`),
          ...REQUIRED,
        }));
      }
      const kind = kindOf(Pointer.Get(schema, schemaPath.replace(/^#/, '')) as TSchema);
      if (!kind) return [{ field, ...fault(keyword, message, `tidak sesuai skema: ${message}`) }];
      // Its judgement says all at once.
      const found = judged.has(field) ? undefined : kind.judge(Pointer.Get(data, instancePath)).fault;
      judged.add(field);
      return found ? [{ field, ...found }] : [];
    });
  };
}

function fieldOf(instancePath: string): string {
  return instancePath.replace(/^\//, '');
}
