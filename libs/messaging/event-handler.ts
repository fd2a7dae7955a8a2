import { type ArgumentsHost, Catch, type RpcExceptionFilter, type Type, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import type { DataOf, Event, EventDefinition } from '#libs/contracts';
import type { Transaction } from '#libs/database';

export const EVENT_TRANSPORT = Symbol('events');

/** Nest would replace a handler's error by "Internal server error"; the processor must see the error itself. */
@Catch()
class PassHandlerErrors implements RpcExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

type Handler<Definition> = (events: Event<DataOf<Definition>>[], transaction: Transaction) => Promise<void>;

/** Of a method that handles several event types: what tells that it is one and the same. */
export interface HandlerExtras {
  readonly method: string;
}

/** By controller. */
const handled = new WeakMap<object, string[]>();

/** The types of events that the controllers of a module, and of those that it imports, handle. */
export function handledTypes(module: Type): string[] {
  const partsOf = (kind: 'controllers' | 'imports'): Type[] => Reflect.getMetadata(kind, module) ?? [];
  const own = partsOf('controllers').flatMap((controller) => handled.get(controller) ?? []);
  return [...own, ...partsOf('imports').flatMap(handledTypes)];
}

/**
 * Makes a controller's method the handler of one or more event types: `(events, transaction) => Promise<void>`.
 *
 * It gets many events at once, none of them twice, those of one key in order. What it writes through the transaction
 * commits together with the memory of having seen them. It throws only if it could not do its work at all.
 *
 * A method of several types gets their events in one call: so it can take its row locks in one order for all of them,
 * where one call per type would let two batches wait for each other.
 */
export function EventHandler<Definitions extends EventDefinition<never>[]>(...definitions: Definitions) {
  return <Method extends Handler<Definitions[number]>>(
    target: object,
    name: string,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    UseFilters(PassHandlerErrors)(target, name, descriptor);
    Payload()(target, name, 0);
    Ctx()(target, name, 1);
    const types = definitions.map(({ type }) => type);
    handled.set(target.constructor, [...(handled.get(target.constructor) ?? []), ...types]);
    const extras: HandlerExtras = { method: `${target.constructor.name}.${name}` };
    (EventPattern(types, EVENT_TRANSPORT, extras) as MethodDecorator)(target, name, descriptor);
  };
}
