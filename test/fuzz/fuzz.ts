/** Asks a service many things, and tells each kind of fault once, with the least request that shows it. */
import { randomOf } from '../faults/random.ts';
import { faultOf } from './judge.ts';
import { malformedInput, soundInput } from './malformed.ts';
import { Api, type Operation } from './openapi.ts';
import { type Asked, ask, written } from './request.ts';
import type { Example } from './seed.ts';
import { World } from './world.ts';

/** Kinds of faults that are told of one run: more would only say the same. */
const FAULTS_MAX = 25;
/** Of each operation, before what is malformed: they teach what there is to ask about. */
const SOUND_INPUTS = 4;

export interface Outcome {
  readonly faults: readonly string[];
  /** How many inputs had which status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly operations: number;
  /** Operations that have refused whatever was asked of them. */
  readonly neverTaken: readonly string[];
}

/** @param examples requests that this service has taken */
export async function fuzz(
  address: string,
  examples: readonly Example[],
  seed: number,
  count: number,
): Promise<Outcome> {
  const api = new Api(JSON.parse((await ask(address, got('/docs-json'))).text));
  const world = new World();
  for (const { path, body } of examples) api.learnExample(world, path, body);
  await learnLists(api, world, address);
  const faults = new Map<string, string>();
  const statuses: Record<string, number> = {};
  const taken = new Set<Operation>();
  const sound = api.operations.length * SOUND_INPUTS;
  for (let number = 0; number < sound + count && faults.size < FAULTS_MAX; number += 1) {
    const maker = { random: randomOf(seed * 1_000_003 + number), api, world };
    const operation = number < sound ? api.operations[number % api.operations.length] : undefined;
    const input = operation ? soundInput({ ...maker, operation }) : malformedInput(maker);
    const answered = await ask(address, input.asked);
    statuses[answered.status] = (statuses[answered.status] ?? 0) + 1;
    const fault = faultOf(input.asked.method, answered, input.refused);
    if (fault === undefined) {
      if (answered.status >= 300) continue;
      taken.add(input.operation);
      learn(world, input.asked.path, answered.text);
      continue;
    }
    const kind = `${input.operation.method} ${input.operation.path}: ${fault}`;
    if (faults.has(kind)) continue;
    const { asked, told } = await least(address, input.asked, answered.broken ?? answered.text);
    faults.set(
      kind,
      `${kind}\n  seed ${seed}, input ${number} (${input.how.join(', ') || 'as documented'}):\n${indented(written(asked))}\n${indented(told)}`,
    );
  }
  const neverTaken = api.operations.filter((operation) => !taken.has(operation));
  return {
    faults: [...faults.values()],
    statuses,
    operations: api.operations.length,
    neverTaken: neverTaken.map(({ method, path }) => `${method} ${path}`),
  };
}

/** What is there from the beginning. */
async function learnLists(api: Api, world: World, address: string): Promise<void> {
  for (const { method, path } of api.operations) {
    if (method === 'GET' && !path.includes('{')) learn(world, path, (await ask(address, got(path))).text);
  }
}

function learn(world: World, path: string, text: string): void {
  if (!text.startsWith('{')) return;
  try {
    world.learn(path, JSON.parse(text));
  } catch {} // a file
}

/** Takes away what the fault does not need: parameters, headers, members. What should have been refused stays as it is. */
async function least(address: string, asked: Asked, told: string): Promise<{ asked: Asked; told: string }> {
  let found = { asked, told };
  for (let smaller = true; smaller; ) {
    smaller = false;
    for (const less of lesser(found.asked)) {
      const answered = await ask(address, less);
      if (faultOf(less.method, answered, false) === undefined) continue;
      found = { asked: less, told: answered.broken ?? answered.text };
      smaller = true;
      break;
    }
  }
  return { ...found, told: found.told.slice(0, 600) };
}

function* lesser(asked: Asked): Generator<Asked> {
  for (const parameter of asked.query) yield { ...asked, query: asked.query.filter((other) => other !== parameter) };
  for (const header of asked.headers) yield { ...asked, headers: asked.headers.filter((other) => other !== header) };
  if (typeof asked.body !== 'string') return;
  try {
    for (const body of lesserValues(JSON.parse(asked.body))) yield { ...asked, body: JSON.stringify(body) };
  } catch {} // no JSON: it stays as it is
}

function* lesserValues(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const index of value.keys()) {
      yield value.toSpliced(index, 1);
      for (const less of lesserValues(value[index])) yield value.with(index, less);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      const { [name]: _, ...rest } = value as Record<string, unknown>;
      yield rest;
      for (const less of lesserValues(member)) yield { ...value, [name]: less };
    }
  }
}

const got = (path: string): Asked => ({ method: 'GET', path, query: [], headers: [] });

const indented = (text: string): string => text.replace(/^/gm, '    ');
