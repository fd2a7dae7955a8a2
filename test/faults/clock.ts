/** Preloaded into a service: SIGUSR2 sets its clock back an hour, and once more right again. Timers run on as they do. */
const HOUR_MS = 3_600_000;
const RealDate = Date;
let behindMs = 0;
const now = (): number => RealDate.now() - behindMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

process.on('SIGUSR2', () => {
  behindMs = behindMs === 0 ? HOUR_MS : 0;
});
