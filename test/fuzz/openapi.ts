/** The operations of a service as its OpenAPI document has them, and values that they should take. */
import { randomUUID } from 'node:crypto';
import type { Random } from '../faults/random.ts';
import type { World } from './world.ts';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  /** Of a resolved one: any of these may be meant. */
  readonly alternatives?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly nullable?: boolean;
  readonly example?: unknown;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema?: Schema;
}

export interface Operation {
  /** Bodies that were taken. */
  readonly examples: object[];
  readonly method: string;
  /** `/v1/journals/{id}` */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body?: Schema;
}

interface Document {
  readonly paths: Record<
    string,
    Record<string, { parameters?: Parameter[]; requestBody?: { content: Record<string, { schema: Schema }> } }>
  >;
  readonly components?: { readonly schemas?: Record<string, Schema> };
}

export class Api {
  readonly operations: readonly Operation[];
  readonly #schemas: Record<string, Schema>;

  constructor(document: Document) {
    this.#schemas = document.components?.schemas ?? {};
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
        const body = requestBody?.content['application/json']?.schema;
        return { examples: [], method: method.toUpperCase(), path, parameters, ...(body && { body }) };
      }),
    );
  }

  /** Learns the names of values in a request that was taken, and what else could be asked so. */
  learnExample(world: World, path: string, body: object): void {
    for (const operation of this.operations.filter(({ method }) => method === 'POST')) {
      const pattern = operation.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
      const found = new RegExp(`^${pattern}$`).exec(path);
      if (!found) continue;
      world.learn(path, { ...found.groups, ...body });
      operation.examples.push(body);
    }
  }

  resolve(schema: Schema = {}): Schema {
    if (schema.$ref) return this.resolve(this.#schemas[schema.$ref.split('/').at(-1) as string]);
    const [one] = [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
    if (!one) return schema;
    const alternatives = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].map((each) => this.resolve(each));
    return { ...this.resolve(one), alternatives, ...(schema.nullable && { nullable: true }) };
  }

  /** A value that should be taken, of the world where it has some of this name. */
  sample(random: Random, world: World, name: string, given: Schema | undefined, depth = 0): unknown {
    const schema = this.resolve(given);
    if (schema.enum) return random.pick(schema.enum);
    if (schema.type === 'object' && !schema.properties) return world.object(name) ?? {};
    if (schema.properties) {
      const members = Object.entries(schema.properties ?? {}).filter(
        ([member]) => schema.required?.includes(member) || random.chance(0.4),
      );
      return Object.fromEntries(
        members.map(([member, each]) => [member, this.sample(random, world, member, each, depth + 1)]),
      );
    }
    if (schema.type === 'array') {
      const length = random.whole(schema.minItems ?? 0, Math.min(schema.maxItems ?? 3, 3));
      return Array.from({ length }, () => this.sample(random, world, name, schema.items, depth + 1));
    }
    if (schema.type === 'boolean') return random.chance(0.5);
    const known = random.chance(0.75) ? world.pick(random, name) : undefined;
    if (schema.type === 'integer' || schema.type === 'number') {
      if (typeof known === 'number') return known;
      return random.whole(schema.minimum ?? 0, Math.min(schema.maximum ?? 1_000_000, 1_000_000));
    }
    if (name.endsWith('.csv')) return csvOf(random, world, schema.description ?? '');
    if (typeof known === 'string') return known;
    return schema.example ?? textOf(random, schema, name);
  }
}

/** A file of the columns that its description names. */
function csvOf(random: Random, world: World, description: string): string {
  const columns = description.replace('; optional: ', ', ').split(', ');
  const cell = (column: string) => {
    const name = column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    return world.pick(random, name) ?? random.pick(TEXTS);
  };
  const rows = Array.from({ length: random.whole(0, 3) }, () => columns.map(cell).join(','));
  return [columns.join(','), ...rows].join('\n');
}

const TEXTS = [
  '01890a5d-ac96-774b-bcce-b302099a8057',
  'approver',

  'F-1',
  'fuzz-1',
  'a',
  'ID-9',
  'beneficiary:court',
  'maker:M-1',
  'p-17',
  'bri',
  '1',
  '0.5',
  '10',
  '2026',
  '2026-03',
  'Asia/Jakarta',
  'facility',
  'Batik tulis',
];

function textOf(random: Random, { format, pattern, minLength = 0 }: Schema, name: string): string {
  const day = `2026-0${random.whole(1, 9)}-1${random.whole(0, 9)}`;
  if (format === 'date') return day;
  if (format === 'date-time' || /At$/.test(name)) return `${day}T03:00:00Z`;
  if (format === 'uuid') return randomUUID();
  const texts = TEXTS.filter((text) => text.length >= minLength && (!pattern || new RegExp(pattern, 'u').test(text)));
  return texts.length === 0 ? 'a'.repeat(Math.max(minLength, 1)) : random.pick(texts);
}
