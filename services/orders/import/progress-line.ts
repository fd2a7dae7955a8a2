const LINE_INTERVAL_MS = 5_000;

/** How far an import is, on standard error: one line that is written over, or a line now and then in a log. */
export class ProgressLine {
  readonly #startedAt = performance.now();
  #writtenAt = Number.NEGATIVE_INFINITY;

  /** `rows` sent of a file of which that is the `share` (0 to 1); `open`: of these, without final outcome. */
  show({ rows, open, share }: { rows: number; open: number; share: number }): void {
    const now = performance.now();
    const isFinal = share === 1 && open === 0;
    if (!process.stderr.isTTY && !isFinal && now - this.#writtenAt < LINE_INTERVAL_MS) return;
    this.#writtenAt = now;

    const final = rows - open;
    const seconds = (now - this.#startedAt) / 1000;
    const perSecond = final / seconds;
    const left = share > 0 ? rows / share - final : Number.POSITIVE_INFINITY;
    const text = [
      `${rows} rows sent (${Math.floor(share * 100)} %)`,
      `${final} final`,
      `${Math.round(perSecond)} rows/s`,
      `${Number.isFinite(left / perSecond) ? Math.ceil(left / perSecond) : '?'} s left`,
    ].join(', ');
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\n');
  }
}
