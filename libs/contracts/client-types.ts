import type { JsonSchema } from './compatibility.ts';
import { REFUSALS } from './refusals.ts';

/** As marketplaces call it, where that is not the name of the event. */
const NAMES: Readonly<Record<string, string>> = {
  'marketplace.checkout-completed.v1': 'Checkout',
  'marketplace.checkout-refunded.v1': 'RefundRequest',
};
const OUTCOME = 'orders.outcome.v1';

/** clients/marketplace/messages.d.ts: what marketplaces send and are told, of what is released (released.json). */
export function clientTypes(released: Readonly<Record<string, JsonSchema>>): string {
  const exchanged = [...Object.keys(released).filter((type) => type.startsWith('marketplace.')), OUTCOME];
  const types = exchanged.map((type) => `export interface ${nameOf(type)} ${typeOf(released[type] as Schema, '')}\n`);
  const messages = exchanged.map((type) => `  readonly '${type}': ${nameOf(type)};`);
  const codes = Object.keys(REFUSALS).map((code) => `  | '${code}'`);
  return `// Made by \`npm run asyncapi\` of what is released; not to be changed by hand.

${types.join('\n')}
/** By type. */
export interface Messages {
${messages.join('\n')}
}

/** Why something was not taken: docs/ERRORS.md. */
export type RefusalCode =
${codes.join('\n')};
`;
}

/** `marketplace.checkout-shipped.v1`: CheckoutShipped */
function nameOf(type: string): string {
  const [, words = ''] = type.split('.');
  return NAMES[type] ?? words.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** What is used of JSON Schema in these messages. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

function typeOf(schema: Schema, indent: string): string {
  if (schema.enum) return schema.enum.map((word) => `'${word}'`).join(' | ');
  switch (schema.type) {
    case 'object': {
      const { properties = {}, required = [] } = schema;
      const inner = `${indent}  `;
      const fields = Object.entries(properties).map(([name, field]) => {
        const words = field.description === undefined ? '' : `${inner}/** ${field.description} */\n`;
        return `${words}${inner}readonly ${name}${required.includes(name) ? '' : '?'}: ${typeOf(field, inner)};\n`;
      });
      return `{\n${fields.join('')}${indent}}`;
    }
    case 'array': {
      const { items = {} } = schema;
      const item = typeOf(items, indent);
      return `readonly ${items.enum ? `(${item})` : item}[]`;
    }
    case 'string':
      return 'string';
    case 'integer':
      return 'number';
    default:
      throw new TypeError(`no type for ${JSON.stringify(schema)}`);
  }
}
