/** Jest's globalTeardown: undoes what the setups of the run's projects did, latest first. */
type Undo = () => Promise<void>;

// Jest loads setup and teardown apart from each other; what they share must be global.
const shared = globalThis as { pasindoTeardown?: Undo[] };

export function atTeardown(undo: Undo): void {
  shared.pasindoTeardown ??= [];
  shared.pasindoTeardown.unshift(undo);
}

export default async function teardown(): Promise<void> {
  for (const undo of shared.pasindoTeardown?.splice(0) ?? []) await undo();
}
