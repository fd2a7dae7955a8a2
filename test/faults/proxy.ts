/** A TCP proxy between a service and its broker or database, for faults that no process's death can show. */
import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Closes every connection; new ones are refused until `heal`. */
  cut(): void;
  /** Connections stay open and carry nothing, in neither direction, new ones neither: what a lost route looks like. */
  freeze(): void;
  /** Those of now carry nothing, for ever; new ones are normal: what a firewall leaves that lost its memory. */
  strand(): void;
  /** From those of now nothing is read any more: who writes to them waits, once what lies between is full. */
  clog(): void;
  /** New connections are to another port of this computer. */
  leadTo(port: number): void;
  /** Everything arrives this much later. */
  delay(milliseconds: number): void;
  /** Normal again; frozen connections are closed, as a firewall would in the end. */
  heal(): void;
  close(): Promise<void>;
}

/** Forwards connections to `targetPort` on this computer. */
export function startProxy(targetPort: number, port = 0): Promise<TcpProxy> {
  let mode: 'normal' | 'cut' | 'frozen' = 'normal';
  let delayMs = 0;
  let leadsTo = targetPort;
  const sockets = new Set<Socket>();
  const stranded = new WeakSet<Socket>();
  const carries = (socket: Socket): boolean => mode !== 'frozen' && !stranded.has(socket);
  const destroyAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };

  const track = (socket: Socket): Socket => {
    socket.setNoDelay(true);
    sockets.add(socket);
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };

  const forward = (from: Socket, to: Socket): void => {
    let arrived: Promise<void> = Promise.resolve(); // one after another: a shorter delay must not overtake a longer one
    const later = (action: () => void): void => {
      const due = Date.now() + delayMs;
      arrived = arrived.then(() => sleep(due - Date.now())).then(action);
    };
    from.on('data', (chunk) => {
      if (carries(from)) later(() => void (to.writable && to.write(chunk)));
    });
    from.on('close', () => {
      if (carries(from)) later(() => void to.destroy());
    });
  };

  const server = createServer((client) => {
    if (mode === 'cut') return void client.destroy();
    const target = connect(leadsTo, '127.0.0.1');
    track(client);
    track(target);
    forward(client, target);
    forward(target, client);
  });

  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve({
        port: (server.address() as { port: number }).port,
        cut: () => {
          mode = 'cut';
          destroyAll();
        },
        freeze: () => {
          mode = 'frozen';
        },
        strand: () => {
          for (const socket of sockets) stranded.add(socket);
        },
        clog: () => {
          for (const socket of sockets) socket.pause();
        },
        leadTo: (other) => {
          leadsTo = other;
        },
        delay: (milliseconds) => {
          delayMs = milliseconds;
        },
        heal: () => {
          if (mode === 'frozen') for (const socket of sockets) if (!stranded.has(socket)) socket.destroy();
          mode = 'normal';
          delayMs = 0;
        },
        close: () => {
          destroyAll();
          return new Promise((done) => server.close(() => done()));
        },
      });
    });
  });
}

async function sleep(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
