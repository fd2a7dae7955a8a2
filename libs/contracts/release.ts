/** `npm run contracts:release`: takes compatible changes and new events into released.json; refuses anything else. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { incompatibilities, incompatibilitiesOfShape, type JsonSchema } from './compatibility.ts';
import { eventDefinitions } from './registry.ts';

const file = new URL('released.json', import.meta.url);
const released = (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}) as Record<string, JsonSchema>;
const current = Object.fromEntries(eventDefinitions.map(({ type, schema }) => [type, schema as JsonSchema]));

const findings = Object.entries(released).flatMap(([type, schema]) => {
  const definition = eventDefinitions.find((each) => each.type === type);
  if (!definition) return [`${type} is gone`];
  const compare = definition.isFromOutside ? incompatibilitiesOfShape : incompatibilities;
  return compare(schema, definition.schema as JsonSchema);
});
if (findings.length > 0) {
  console.error(`Not released; give the changed event a new type:\n${findings.join('\n')}`);
  process.exit(1);
}
const sorted = Object.fromEntries(Object.entries(current).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
