import { pino } from 'pino';
import { log } from '#libs/observability';

/** What the log of this process says between `begin` and `end`, in place of standard output. */
export function linesOfLog() {
  const lines: Record<string, unknown>[] = [];
  const way = log as unknown as Record<symbol, { write(line: string): void }>;
  const { streamSym } = pino.symbols;
  const [usual, level] = [way[streamSym], log.level];
  return {
    lines,
    begin(): void {
      lines.length = 0;
      log.level = 'info';
      way[streamSym] = { write: (line) => void lines.push(JSON.parse(line)) };
    },
    end(): void {
      log.level = level;
      if (usual) way[streamSym] = usual;
    },
  };
}
