import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { stopOnSignal } from './stop.ts';

const exit = jest.spyOn(process, 'exit');

beforeEach(() => {
  jest.useFakeTimers();
  exit.mockReset().mockImplementation((() => {}) as never);
});

afterEach(() => {
  jest.useRealTimers();
  process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
});

it('a process that is told to stop ends when what is under way is finished', async () => {
  let finish = () => {};
  stopOnSignal({ close: () => new Promise<void>((resolve) => (finish = resolve)) });
  process.emit('SIGTERM');
  await jest.advanceTimersByTimeAsync(9_000);
  expect(exit).not.toHaveBeenCalled();
  finish();
  await jest.advanceTimersByTimeAsync(0);
  expect(exit.mock.calls).toEqual([[0]]);
});

it('a process that cannot finish in time ends without committing, rather than being killed or staying', async () => {
  stopOnSignal({ close: () => new Promise(() => {}) });
  process.emit('SIGTERM');
  await jest.advanceTimersByTimeAsync(10_000);
  expect(exit.mock.calls).toEqual([[1]]);
});
