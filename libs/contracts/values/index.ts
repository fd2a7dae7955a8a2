export * from './choice.ts';
export * from './depth.ts';
export * from './id.ts';
export * from './kind.ts';
export * from './number.ts';
export * from './reference.ts';
export * from './text.ts';
export * from './time.ts';
