export * from './catalogue.ts';
export * from './checkout.ts';
export * from './event.ts';
export * from './ledger.ts';
export * from './orders.ts';
export * from './payments.ts';
export * from './registry.ts';
export * from './topics.ts';
