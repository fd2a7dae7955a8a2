/** The first of the signals that mean "stop". npm passes on a Ctrl-C that the terminal sent us too: more are ignored. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => {}, 2 ** 30);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.removeAllListeners(signal);
      process.on(signal, () => {
        clearInterval(alive);
        resolve();
      });
    }
  });
}
