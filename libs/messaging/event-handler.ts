import { type ArgumentsHost, Catch, type RpcExceptionFilter, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import type { DataOf, Event, EventDefinition } from '#libs/contracts';
import type { Transaction } from '#libs/database';

export const KAFKA_TRANSPORT = Symbol('kafka');

/** Nest would replace a handler's error by "Internal server error"; the processor must see the error itself. */
@Catch()
class PassHandlerErrors implements RpcExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

type Handler<Definition> = (events: Event<DataOf<Definition>>[], transaction: Transaction) => Promise<void>;

/**
 * Makes a controller's method the handler of one event type: `(events, transaction) => Promise<void>`.
 *
 * It gets many events at once, none of them twice, those of one key in order. What it writes through the transaction
 * commits together with the memory of having seen them. It throws only if it could not do its work at all.
 */
export function EventHandler<Definition extends EventDefinition<never>>(definition: Definition) {
  return <Method extends Handler<Definition>>(
    target: object,
    name: string,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    UseFilters(PassHandlerErrors)(target, name, descriptor);
    Payload()(target, name, 0);
    Ctx()(target, name, 1);
    (EventPattern(definition.type, KAFKA_TRANSPORT) as MethodDecorator)(target, name, descriptor);
  };
}
