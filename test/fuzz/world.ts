/** What is there to ask about: values by the names under which the services tell them. */
import type { Random } from '../faults/random.ts';

const KEPT_MAX = 60;

export class World {
  readonly #values = new Map<string, (string | number)[]>();
  readonly #objects = new Map<string, object>();

  /** Learns from an answer. @param path that was asked: its list's items are found by it as well */
  learn(path: string, answer: unknown, name = ''): void {
    if (typeof answer === 'string' || typeof answer === 'number') {
      this.#keep(name, answer);
      if (name.endsWith('By')) this.#keep('by', answer); // createdBy, reviewedBy, ...
      const [, channel, orderRef] = (name === 'orderId' && /^([^/]+)\/([^/]+)$/.exec(String(answer))) || [];
      if (channel && orderRef) this.learn(path, { channel, orderRef });
    }
    if (Array.isArray(answer)) for (const each of answer) this.learn(path, each, name);
    else if (typeof answer === 'object' && answer !== null) {
      const members = Object.entries(answer);
      if (!this.#objects.has(name)) this.#objects.set(name, answer);
      if (name === 'items' && members[0]) this.learn(path, members[0][1], path);
      for (const [member, value] of members) this.learn(path, value, member);
    }
  }

  /** Undefined: nobody has told any. */
  pick(random: Random, name: string): string | number | undefined {
    const values = this.#values.get(name);
    return values && random.pick(values);
  }

  /** A copy of the first object of this name, to be changed. */
  object(name: string): object | undefined {
    const found = this.#objects.get(name);
    return found && structuredClone(found);
  }

  #keep(name: string, value: string | number): void {
    const values = this.#values.get(name) ?? [];
    if (!values.includes(value)) values.push(value);
    if (values.length > KEPT_MAX) values.splice(1, 1); // the first is one of the seeded
    this.#values.set(name, values);
  }
}
