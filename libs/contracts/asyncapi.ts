import { stringify } from 'yaml';
import type { EventDefinition } from './event.ts';
import { eventDefinitions } from './registry.ts';
import { isPerChannel, type Topic, topics } from './topics.ts';

/** `orders.order-paid.v1` as a name that AsyncAPI and code generators accept. */
const nameOf = ({ type }: EventDefinition) => type.replaceAll('.', '_').replaceAll('-', '_');

const channelOf = ({ name }: Topic) => name.replaceAll(/[{}]/g, '').replaceAll('.', '_');

/** The registry of events as an AsyncAPI 3.0 document, in YAML: what a marketplace or another team reads. */
export function asyncApi(): string {
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Pasindo events',
      version: '1.0.0',
      description:
        'Every event that crosses a service. CloudEvents 1.0 in Kafka binary mode: attributes are headers `ce_*`, the value is the data as JSON. Marketplaces may also use structured mode (`application/cloudevents+json`). A marketplace writes to the checkout topic of its channel (`receive`: we receive what it sends) and reads its outcomes (`send`); an event is believed on its own topic and under its own key only. Generated from libs/contracts by `npm run asyncapi`.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(
      Object.values(topics).map((topic) => [
        channelOf(topic),
        {
          address: topic.name,
          ...(isPerChannel(topic) && { parameters: { channel: { description: 'marketplace or shop' } } }),
          description: `Ordered per key: ${topic.key}. Kept ${topic.retentionDays === null ? 'for ever' : `${topic.retentionDays} days`}.`,
          messages: Object.fromEntries(
            eventsOf(topic).map((definition) => [
              nameOf(definition),
              { $ref: `#/components/messages/${nameOf(definition)}` },
            ]),
          ),
        },
      ]),
    ),
    operations: Object.fromEntries(
      Object.values(topics).map((topic) => [
        `${directionOf(topic)}_${channelOf(topic)}`,
        {
          action: directionOf(topic),
          channel: { $ref: `#/channels/${channelOf(topic)}` },
          messages: eventsOf(topic).map((definition) => ({
            $ref: `#/channels/${channelOf(topic)}/messages/${nameOf(definition)}`,
          })),
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        eventDefinitions.map((definition) => [
          nameOf(definition),
          {
            name: definition.type,
            summary: definition.summary,
            headers: { $ref: '#/components/schemas/CloudEventHeaders' },
            payload: definition.schema,
            ...(definition.example !== undefined && { examples: [{ payload: definition.example }] }),
            bindings: { kafka: { key: { type: 'string', description: definition.topic.key } } },
          },
        ]),
      ),
      schemas: { CloudEventHeaders: cloudEventHeaders },
    },
  };
  return stringify(JSON.parse(JSON.stringify(document)), { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Seen from Pasindo: marketplaces send what we receive, and receive what we send. */
const directionOf = (topic: Topic) => (isPerChannel(topic) && !topic.outside ? 'send' : 'receive');

const eventsOf = (topic: Topic) => eventDefinitions.filter((definition) => definition.topic.name === topic.name);

const cloudEventHeaders = {
  type: 'object',
  required: ['ce_id', 'ce_type'],
  properties: {
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: { type: 'string', description: 'unique per source; repetitions keep it' },
    ce_type: { type: 'string' },
    ce_source: { type: 'string' },
    ce_time: { type: 'string', format: 'date-time' },
    ce_subject: { type: 'string' },
    ce_dataschema: { type: 'string' },
    ce_partitionkey: { type: 'string' },
    ce_correlationid: { type: 'string', format: 'uuid', description: 'one id from the checkout to the ledger entry' },
    ce_causationid: { type: 'string', description: 'id of the event that caused this one' },
    ce_traceparent: { type: 'string', description: 'W3C trace context' },
  },
};
