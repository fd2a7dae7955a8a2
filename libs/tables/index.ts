export * from './column.ts';
export * from './file.ts';
export { askPatiently, ImportStopped } from './import-request.ts';
export * from './numbers.ts';
export { safeCell } from './safe-cell.ts';
export * from './table.ts';
export * from './template.ts';
