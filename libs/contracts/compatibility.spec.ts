import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import Type from 'typebox';
import { incompatibilities, incompatibilitiesOfShape, type JsonSchema } from './compatibility.ts';
import { eventDefinitions } from './registry.ts';

const plain = (schema: unknown): JsonSchema => JSON.parse(JSON.stringify(schema));

describe('a change of a schema', () => {
  const released = Type.Object({
    a: Type.Integer({ minimum: 0 }),
    list: Type.Array(Type.Object({ b: Type.String() })),
  });
  const changes: [string, unknown, string[]][] = [
    ['nothing', released, []],
    ['an optional property more', Type.Object({ ...released.properties, c: Type.Optional(Type.String()) }), []],
    [
      'another description',
      Type.Object({ ...released.properties, a: Type.Integer({ minimum: 0, description: 'units' }) }),
      [],
    ],
    [
      'a required property more',
      Type.Object({ ...released.properties, c: Type.String() }),
      ['data.c: is now required'],
    ],
    [
      'a property less',
      Type.Object({ a: released.properties.a }),
      ['data.list: is gone', 'data.list: is no longer required'],
    ],
    [
      'a property that may be missing',
      Type.Object({ ...released.properties, a: Type.Optional(released.properties.a) }),
      ['data.a: is no longer required'],
    ],
    [
      'a looser bound',
      Type.Object({ ...released.properties, a: Type.Integer({ minimum: -1 }) }),
      ['data.a: minimum was 0, is -1'],
    ],
    [
      'another type inside a list',
      Type.Object({ ...released.properties, list: Type.Array(Type.Object({ b: Type.Integer() })) }),
      ['data.list[].b: type was "string", is "integer"'],
    ],
  ];
  it.each(changes)('%s', (_, current, findings) => {
    expect(incompatibilities(plain(released), plain(current)).sort()).toEqual([...findings].sort());
  });
});

describe('a change of an event from outside', () => {
  const released = Type.Object({ a: Type.Array(Type.Object({ b: Type.String({ maxLength: 9, format: 'date' }) })) });
  const changed = (b: Type.TSchema) => plain(Type.Object({ a: Type.Array(Type.Object({ b })) }));

  it('may narrow what its values can be, but not its shape', () => {
    expect(incompatibilitiesOfShape(plain(released), changed(Type.String({ pattern: '^x' })))).toEqual([]);
    expect(incompatibilitiesOfShape(plain(released), changed(Type.Integer()))).toEqual([
      'data.a[].b: type was "string", is "integer"',
    ]);
  });
});

describe('events that are released', () => {
  const released = JSON.parse(readFileSync(new URL('released.json', import.meta.url), 'utf8')) as Record<
    string,
    JsonSchema
  >;
  const current = new Map(eventDefinitions.map((definition) => [definition.type, definition]));

  it.each(Object.keys(released))('%s can still be read and written as promised', (type) => {
    const definition = current.get(type);
    const compare = definition?.isFromOutside ? incompatibilitiesOfShape : incompatibilities;
    expect(definition ? compare(released[type] ?? {}, plain(definition.schema)) : [`${type} is gone`]).toEqual([]);
  });

  it('are all events of the registry (npm run contracts:release)', () => {
    expect(Object.keys(released)).toEqual([...current.keys()].sort());
  });
});
