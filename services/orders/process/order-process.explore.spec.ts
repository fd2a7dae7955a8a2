/**
 * Every history of one order, up to the bounds that `scenarios` states: the real transition function among small models
 * of the other services, which behave as the services do.
 *
 * What the broker promises is modelled, and no more: a consumer takes messages of one key in order and each at least
 * once. So before any step
 * - any message may be late: whatever else is possible may happen first;
 * - any message may come again, any number of times, in any order, however old it is. There is no inbox here: what a
 *   crash before the commit of an offset delivers again, a relay that died before its delete, a producer that repeats;
 * - a message whose transaction was lost with a crash is one that has not come yet.
 * What marketplaces and the gateway say comes in any order. There is no clock: a deadline, once there is one, may be
 * found to have passed at any moment. So may goods be recorded, an agreement approved, a settlement reported and a return
 * window be over.
 */
import { fail } from 'node:assert/strict';
import { describe, expect, it } from '@jest/globals';
import {
  type Dispute,
  findRefund,
  fulfilmentOf,
  type IncomingMessage,
  isDisputeOpen,
  isOpen,
  type OrderState,
  type OutgoingMessage,
  type Refund,
  type SoldLine,
  transition,
  UNKNOWN,
} from './order-process.ts';

/** Two lines at two facilities, three units, 151 rupiah. An odd price: half of it is not whole. */
const LINES = new Map<string, SoldLine & { facilityId: string }>([
  ['a', { quantity: 2, price: 101, facilityId: 'north' }],
  ['b', { quantity: 1, price: 50, facilityId: 'south' }],
]);
const FACILITIES = [...LINES.values()].map(({ facilityId }) => facilityId);
const UNITS = 3;
const AMOUNT = 151;
/** What each settlement is about. */
const SETTLED = 70;

interface Scenario {
  readonly method: 'escrow' | 'gateway';
  /** In any order; each may come again. The first and the second differ in content. */
  readonly checkouts: readonly ('valid' | 'other' | 'invalid')[];
  /** `line#number`: of one unit; with `*2` behind it, of two; with `!` at the end, of units that were not shipped. */
  readonly refunds: readonly string[];
  /** `line>units`: so many are shipped so far; `line=units`: delivered. */
  readonly fulfilments?: readonly string[];
  /** `line?number`: one of its units is disputed; with `*2` behind it, two; with `:seller` or `:buyer` at the end, who won. */
  readonly disputes?: readonly string[];
  /** The books release sales by themselves, at any moment. */
  readonly window?: true;
  /** Pieces that the catalogue has; undefined: it does not know the goods. */
  readonly stock: number | undefined;
  /** Pieces that are recorded at any moment, if ever. */
  readonly supply?: number;
  /** The north has no agreement at first. */
  readonly agreement?: 'later';
  /** How often the channel pays out; it does what it holds, whenever it likes. */
  readonly settlements?: number;
  /** Another order wants two of the pieces, and may let them go again. */
  readonly rival?: boolean;
}

const scenarios: Record<string, Scenario> = {
  'escrow, partial refunds in any order, one too many': {
    method: 'escrow',
    checkouts: ['valid'],
    refunds: ['a#1', 'a#2*2'],
    stock: 3,
  },
  'gateway, partial refunds of both lines': {
    method: 'gateway',
    checkouts: ['valid'],
    refunds: ['a#1', 'b#1'],
    stock: 3,
  },
  'gateway, a rival for the last pieces, a refund of no line': {
    method: 'gateway',
    checkouts: ['valid'],
    refunds: ['a#1', 'x#1'],
    stock: 4,
    rival: true,
  },
  'escrow, a rival for the last pieces, a checkout that contradicts the first': {
    method: 'escrow',
    checkouts: ['valid', 'other'],
    refunds: ['a#1'],
    stock: 4,
    supply: 1,
    rival: true,
  },
  'escrow, settled twice, with refunds between, before and after': {
    method: 'escrow',
    checkouts: ['valid'],
    refunds: ['a#1'],
    stock: 3,
    settlements: 2,
  },
  'gateway, settled while it is cancelled, or not': {
    method: 'gateway',
    checkouts: ['valid'],
    refunds: ['a#1'],
    stock: 4,
    rival: true,
    settlements: 1,
  },
  'gateway, an invalid checkout and its correction': {
    method: 'gateway',
    checkouts: ['invalid', 'valid'],
    refunds: ['a#1', 'b#1'],
    stock: 3,
  },
  'escrow, goods that nobody knows until they are recorded, settled at any moment': {
    method: 'escrow',
    checkouts: ['valid'],
    refunds: ['a#1'],
    stock: undefined,
    supply: 3,
    settlements: 1,
  },
  'escrow, goods that are sold out, and all units given back': {
    method: 'escrow',
    checkouts: ['valid'],
    refunds: ['a#1*2', 'b#1'],
    stock: 1,
    supply: 2,
  },
  'escrow, nothing agreed in the north until it is, settled at any moment': {
    method: 'escrow',
    checkouts: ['valid'],
    refunds: ['a#1'],
    stock: 3,
    agreement: 'later',
    settlements: 1,
  },
  'settled, and the checkout is invalid or never comes': {
    method: 'escrow',
    checkouts: ['invalid'],
    refunds: ['a#1'],
    stock: 3,
    settlements: 2,
  },
  'escrow, units cancelled, shipped and delivered in any order': {
    method: 'escrow',
    checkouts: ['valid'],
    refunds: ['a#1!'],
    fulfilments: ['a>1', 'a>2', 'a=1'],
    stock: 3,
  },
  'escrow, a unit cancelled, one given back, both shipped': {
    method: 'escrow',
    checkouts: ['valid'],
    refunds: ['a#1!', 'a#2'],
    fulfilments: ['a>2'],
    stock: 3,
  },
  'escrow, units cancelled before and after their goods are recorded': {
    method: 'escrow',
    checkouts: ['valid'],
    refunds: ['a#1*2!'],
    fulfilments: ['a>1'],
    stock: undefined,
    supply: 3,
  },
  'gateway, a rival for the units that are cancelled': {
    method: 'gateway',
    checkouts: ['valid'],
    refunds: ['a#1*2!'],
    fulfilments: ['a>1'],
    stock: 3,
    rival: true,
  },
  'escrow, a dispute that the seller wins, settled at any moment': {
    method: 'escrow',
    checkouts: ['valid'],
    refunds: [],
    disputes: ['a?1', 'a?1:seller'],
    stock: 3,
    settlements: 1,
  },
  'escrow, a dispute that the buyer wins, settled at any moment': {
    method: 'escrow',
    checkouts: ['valid'],
    refunds: [],
    disputes: ['a?1', 'a?1:buyer'],
    stock: 3,
    settlements: 1,
  },
  'escrow, a dispute over more than a refund leaves': {
    method: 'escrow',
    checkouts: ['valid'],
    refunds: ['a#1'],
    disputes: ['a?1*2', 'a?1*2:buyer'],
    stock: 3,
    window: true,
  },
  'escrow, two disputes at once of one line, for either': {
    method: 'escrow',
    checkouts: ['valid'],
    refunds: [],
    disputes: ['a?1*2', 'a?1*2:buyer', 'a?2', 'a?2:seller'],
    stock: 3,
  },
  'gateway, a dispute of an order that a rival may leave without goods': {
    method: 'gateway',
    checkouts: ['valid'],
    refunds: [],
    disputes: ['a?1', 'a?1:buyer'],
    stock: 4,
    rival: true,
    window: true,
  },
  'escrow, a dispute of goods that nobody knows until they are recorded': {
    method: 'escrow',
    checkouts: ['valid'],
    refunds: [],
    disputes: ['a?1', 'a?1:buyer'],
    stock: undefined,
    supply: 3,
  },
  'escrow, a dispute where nothing is agreed until it is, settled at any moment': {
    method: 'escrow',
    checkouts: ['valid'],
    refunds: [],
    disputes: ['a?1', 'a?1:seller'],
    stock: 3,
    agreement: 'later',
    settlements: 1,
  },
  'gateway, disputes of no line and of more than it sold': {
    method: 'gateway',
    checkouts: ['invalid', 'valid'],
    refunds: [],
    disputes: ['x?1', 'x?1:buyer', 'a?2*3'],
    stock: 3,
  },
  'disputes whose checkout never comes': {
    method: 'gateway',
    checkouts: [],
    refunds: [],
    disputes: ['a?1', 'a?1:buyer', 'b?1', 'b?1:seller'],
    stock: 3,
  },
  'refunds whose checkout never comes': { method: 'gateway', checkouts: [], refunds: ['a#1', 'b#1'], stock: 3 },
};

/** What a consumer has still to take, and what it has taken and may be given again. */
interface Queue<Message> {
  readonly pending: readonly Message[];
  readonly seen: readonly Message[];
}

interface World {
  readonly stored: 'nothing' | Scenario['checkouts'][number];
  readonly order: OrderState;
  readonly reservation: 'none' | 'waiting' | 'held' | 'committed' | 'released' | 'rejected';
  /** Units of a, of b, that the catalogue holds or waits for. */
  readonly wanted: string;
  /** Refunds whose units it does not wait for any more. */
  readonly cancelled: readonly string[];
  /** Refunds whose units it has again. */
  readonly released: readonly Refund[];
  readonly isSupplied: boolean;
  readonly isAgreed: boolean;
  readonly rival: 'waiting' | 'held' | 'sold' | 'gone';
  /** Settlements that the channel has reported. */
  readonly settled: number;
  readonly payment: Payment | null;
  readonly books: Readonly<Record<string, Books>>;
  /** What the book of no facility holds, by number; null: undone. */
  readonly held: Readonly<Record<number, Held | null>>;
  readonly queues: {
    readonly marketplace: Queue<string>;
    readonly catalogue: Queue<OutgoingMessage>;
    readonly payments: Queue<OutgoingMessage>;
    readonly north: Queue<OutgoingMessage>;
    readonly south: Queue<OutgoingMessage>;
    readonly unallocated: Queue<OutgoingMessage>;
    readonly stock: Queue<IncomingMessage>;
    readonly money: Queue<IncomingMessage>;
    readonly journals: Queue<IncomingMessage>;
  };
  /** What the order said, in its order: history that the invariants need. */
  readonly said: readonly string[];
}

interface Held {
  readonly subject: Extract<OutgoingMessage, { type: 'money-held' }>['subject'];
  readonly amount: number;
}

interface Payment {
  readonly status: 'pending' | 'captured' | 'failed' | 'expired' | 'voided';
  readonly captured: number;
  readonly refunded: number;
  readonly refunds: Readonly<Record<string, { amount: number; status: 'pending' | 'refunded' }>>;
}

interface Books {
  readonly sold: number;
  /** Amounts by refund. */
  readonly refunds: Readonly<Record<string, number>>;
  readonly settlements: readonly string[];
  /** What is kept until there is an agreement. */
  readonly kept: readonly OutgoingMessage[];
  /** Disputes that are open here, and those that are over. */
  readonly frozen: readonly string[];
  readonly thawed: readonly string[];
  readonly isReleased: boolean;
}

type Queues = World['queues'];
type QueueName = keyof Queues;

const nothing: Queue<never> = { pending: [], seen: [] };

const nothingBooked: Books = {
  ...{ sold: 0, refunds: {}, settlements: [], kept: [] },
  ...{ frozen: [], thawed: [], isReleased: false },
};

const beginningOf = ({ checkouts, refunds, fulfilments = [], disputes = [], agreement }: Scenario): World => ({
  stored: 'nothing',
  order: UNKNOWN,
  reservation: 'none',
  rival: 'waiting',
  payment: null,
  wanted: '2,1',
  cancelled: [],
  released: [],
  isSupplied: false,
  isAgreed: agreement === undefined,
  settled: 0,
  books: Object.fromEntries(FACILITIES.map((facilityId) => [facilityId, nothingBooked])),
  held: {},
  queues: {
    marketplace: { pending: [...checkouts, ...refunds, ...fulfilments, ...disputes], seen: [] },
    catalogue: nothing,
    payments: nothing,
    north: nothing,
    south: nothing,
    unallocated: nothing,
    stock: nothing,
    money: nothing,
    journals: nothing,
  },
  said: [],
});

const DEADLINE = '2026-01-05T00:30:00.000Z';
const AFTER_THE_DEADLINE = '2026-01-05T00:31:00.000Z';

function send<Name extends QueueName>(world: World, name: Name, ...messages: Queues[Name]['pending'][number][]): World {
  if (messages.length === 0) return world;
  const queue = world.queues[name];
  const longer = { ...queue, pending: [...queue.pending, ...messages] };
  return { ...world, queues: { ...world.queues, [name]: longer } };
}

/** orders: the function under exploration. */
function tellOrder(world: World, message: IncomingMessage): World {
  const { state, messages } = transition(world.order, message);
  if (state === world.order && messages.length === 0) return world;
  const settled = messages.findIndex(({ type }) => type === 'sale-settled');
  if (settled >= 0 && messages.slice(settled).some(({ type }) => type === 'sale-frozen'))
    fail('a sale is settled before the books know that it is disputed');
  const told: World = { ...world, order: state, said: [...world.said, ...messages.map(nameOf)] };
  return messages.reduce((after, outgoing) => {
    switch (outgoing.type) {
      case 'sale-paid':
      case 'sale-settled':
        return send(after, outgoing.facilityId as 'north' | 'south', outgoing);
      case 'sale-refunded':
        return send(after, facilityOf(outgoing.refund) as 'north' | 'south', outgoing);
      case 'sale-frozen':
      case 'sale-thawed':
        return send(after, facilityOf(outgoing.dispute) as 'north' | 'south', outgoing);
      case 'money-held':
      case 'money-cleared':
        return send(after, 'unallocated', outgoing);
      case 'order-paid':
      case 'units-cancelled':
      case 'units-released':
        return send(after, 'catalogue', outgoing);
      case 'refund-requested':
        return send(after, 'payments', outgoing);
      default:
        return send(send(after, 'catalogue', outgoing), 'payments', outgoing);
    }
  }, told);
}

const nameOf = (message: OutgoingMessage): string =>
  message.type === 'money-held'
    ? `${message.type} ${message.number} ${message.subject}`
    : message.type === 'money-cleared'
      ? `${message.type} ${message.upTo}`
      : 'refund' in message
        ? `${message.type} ${message.refund.refundId}`
        : 'dispute' in message
          ? `${message.type} ${message.dispute.disputeId}`
          : message.type === 'sale-settled'
            ? `${message.type} ${message.settlementId} ${message.facilityId}`
            : 'facilityId' in message
              ? `${message.type} ${message.facilityId}`
              : message.type;

const facilityOf = ({ lineRef }: Pick<Refund, 'lineRef'>): string => LINES.get(lineRef)?.facilityId ?? 'unknown';

/** orders, at its door: a checkout that was taken stands, one that broke a rule makes room for a better one. */
function takeFromMarketplace(world: World, message: string, { method }: Scenario): World {
  const [lineRef = '', reference, units = '1'] = message.split(/[#?*>=!:]/);
  if (reference === undefined) {
    if (world.stored === message || world.stored === 'valid' || world.stored === 'other') return world;
    const stored: World = { ...world, stored: message as World['stored'] };
    return message === 'invalid'
      ? tellOrder(stored, { type: 'checkout-refused', detail: '' })
      : tellOrder(stored, { type: 'checkout-accepted', payment: method, lines: LINES });
  }
  const line = world.stored === 'valid' || world.stored === 'other' ? LINES.get(lineRef) : undefined;
  const sold = line && { line: { quantity: line.quantity, price: line.price } };
  if (message.includes('?')) {
    const [disputeId = '', outcome] = message.split(':');
    const what = {
      disputeId,
      lineRef,
      disputeRef: reference,
      quantity: Number(units) || 1,
      correlationId: '',
      ...sold,
    };
    if (outcome === undefined) return tellOrder(world, { type: 'dispute-opened', dispute: what, waitUntil: DEADLINE });
    const closed = { outcome: outcome as 'seller' | 'buyer', closedAt: '', waitUntil: DEADLINE };
    return tellOrder(world, { type: 'dispute-closed', dispute: what, ...closed });
  }
  if (isFulfilment(message)) {
    const far = { lineRef, shipped: Number(reference), delivered: message.includes('=') ? Number(reference) : 0 };
    return tellOrder(world, { type: 'fulfilment-told', ...far, ...sold });
  }
  const refund = {
    ...{ refundId: message, lineRef, refundRef: reference, quantity: Number(units) || 1 },
    ...(message.endsWith('!') && ({ unshipped: true } as const)),
    ...{ requestedAt: '', correlationId: '' },
  };
  return tellOrder(world, { type: 'refund-asked', refund: { ...refund, ...sold }, waitUntil: DEADLINE });
}

function isFulfilment(message: string): boolean {
  return /[>=]/.test(message);
}

function catalogue(world: World, message: OutgoingMessage, scenario: Scenario): World {
  const { stock, method } = scenario;
  switch (message.type) {
    case 'order-placed': {
      if (world.reservation !== 'none') return world;
      if (free(world, scenario) >= UNITS) return reserve(world);
      const reason = stock === undefined && !world.isSupplied ? 'unknown-sku' : 'out-of-stock';
      return method === 'escrow'
        ? send({ ...world, reservation: 'waiting' }, 'stock', { type: 'stock-awaited', reason, detail: '' })
        : send({ ...world, reservation: 'rejected' }, 'stock', { type: 'stock-rejected', reason, detail: '' });
    }
    case 'units-cancelled': {
      // It has an inbox for what is no question of state: units are not cancelled twice.
      if (world.reservation !== 'waiting' || world.cancelled.includes(message.refund.refundId)) return world;
      const [a = 0, b = 0] = unitsWanted(world);
      const { lineRef, quantity } = message.refund;
      const wanted = lineRef === 'a' ? [a - quantity, b] : [a, b - quantity];
      return { ...world, wanted: wanted.join(), cancelled: [...world.cancelled, message.refund.refundId].sort() };
    }
    case 'order-paid':
      return world.reservation === 'held' ? { ...world, reservation: 'committed' } : world;
    case 'units-released': {
      if (world.released.some(({ refundId }) => refundId === message.refund.refundId)) return world;
      if (world.reservation !== 'committed') fail('units are released that are not sold');
      return { ...world, released: insert(world.released, message.refund) };
    }
    case 'order-cancelled':
      return ['held', 'waiting'].includes(world.reservation) ? { ...world, reservation: 'released' } : world;
    default:
      return world;
  }
}

function reserve(world: World): World {
  const lines = unitsWanted(world).flatMap((units, index) =>
    units > 0 ? [{ lineRef: ['a', 'b'][index] as string, units }] : [],
  );
  const facilities = FACILITIES.filter((_, index) => (unitsWanted(world)[index] ?? 0) > 0);
  const answer = { type: 'stock-reserved', facilities, lines, expiresAt: DEADLINE } as const;
  return send({ ...world, reservation: 'held' }, 'stock', answer);
}

function unitsWanted({ wanted }: World): number[] {
  return wanted.split(',').map(Number);
}

/** Goods are recorded, or let go by somebody else, and who waits for them is served. */
function supplyTurns(world: World, scenario: Scenario): World[] {
  const units = sumOf(unitsWanted(world));
  const isServed = world.reservation === 'waiting' && units > 0 && free(world, scenario) >= units;
  return [
    ...(scenario.supply !== undefined && !world.isSupplied ? [{ ...world, isSupplied: true }] : []),
    ...(isServed ? [reserve(world)] : []),
  ];
}

function free({ reservation, rival, isSupplied, ...world }: World, { stock = 0, supply = 0 }: Scenario): number {
  const own = reservation === 'held' || reservation === 'committed' ? sumOf(unitsWanted(world as World)) : 0;
  const back = sumOf(world.released.map(({ quantity }) => quantity));
  return stock + (isSupplied ? supply : 0) - own + back - (rival === 'held' || rival === 'sold' ? 2 : 0);
}

function rivalTurns(world: World, scenario: Scenario): World[] {
  if (!scenario.rival) return [];
  if (world.rival === 'waiting' && free(world, scenario) >= 2) return [{ ...world, rival: 'held' }];
  if (world.rival === 'held')
    return [
      { ...world, rival: 'sold' },
      { ...world, rival: 'gone' },
    ];
  return [];
}

function payments(world: World, message: OutgoingMessage, { method }: Scenario): World {
  const { payment } = world;
  if (message.type === 'order-placed') {
    if (payment) return world;
    const placed: World = {
      ...world,
      payment: { status: 'pending', captured: 0, refunded: 0, refunds: {} },
    };
    return method === 'escrow' ? gateway(placed, 'capture') : placed;
  }
  if (!payment) fail(`payments heard ${message.type} of an order that it does not know`);
  if (message.type === 'order-cancelled') {
    const voided: Payment = { ...payment, status: 'voided' };
    if (payment.status === 'pending') return { ...world, payment: voided };
    if (method === 'escrow' && refundable(payment) > 0)
      fail('an order is cancelled whose buyer has money with the channel');
    return payment.status === 'captured' ? { ...world, payment: giveBackRest(voided) } : world;
  }
  if (message.type !== 'refund-requested') return world;
  const { refundId, amount = 0 } = message.refund;
  if (payment.refunds[refundId]) return world;
  if (payment.status !== 'captured' || amount > refundable(payment))
    fail(`payments refused to refund ${amount} of ${JSON.stringify(payment)}`);
  const asked: Payment = { ...payment, refunds: { ...payment.refunds, [refundId]: { amount, status: 'pending' } } };
  return method === 'escrow' ? gateway({ ...world, payment: asked }, 'refund') : { ...world, payment: asked };
}

type GatewayNotice = 'capture' | 'fail' | 'expire' | 'refund';

/** What the gateway says, or for escrow what payments knows by itself. */
function gateway(world: World, notice: GatewayNotice): World {
  const { payment } = world;
  if (!payment) return world;
  if (notice === 'capture') {
    if (payment.captured > 0) return world;
    const captured = { ...payment, captured: AMOUNT };
    if (payment.status !== 'pending') return { ...world, payment: giveBackRest(captured) };
    return send({ ...world, payment: { ...captured, status: 'captured' } }, 'money', { type: 'payment-captured' });
  }
  if (notice === 'fail' || notice === 'expire') {
    if (payment.status !== 'pending') return world;
    const failed: World = { ...world, payment: { ...payment, status: notice === 'fail' ? 'failed' : 'expired' } };
    return send(failed, 'money', { type: 'payment-failed', detail: notice });
  }
  const paid = Object.entries(payment.refunds).filter(([, { status }]) => status === 'pending');
  const refunds = Object.fromEntries(
    Object.entries(payment.refunds).map(([id, { amount }]) => [id, { amount, status: 'refunded' as const }]),
  );
  const refunded = payment.refunded + sumOf(paid.map(([, { amount }]) => amount));
  return send(
    { ...world, payment: { ...payment, refunded, refunds } },
    'money',
    ...paid.map(([refundId]) => ({ type: 'payment-refunded', refundId }) as const),
  );
}

/** The channel pays out, whatever we know of the order. */
function settlementTurns(world: World, { settlements = 0 }: Scenario): World[] {
  if (world.settled === settlements) return [];
  const settled = world.settled + 1;
  const message = { type: 'settlement-confirmed', settlementId: `s${settled}`, revenue: SETTLED } as const;
  return [send({ ...world, settled }, 'money', message)];
}

function giveBackRest(payment: Payment): Payment {
  return { ...payment, refunded: payment.refunded + refundable(payment) };
}

function refundable({ captured, refunded, refunds }: Payment): number {
  const promised = Object.values(refunds).filter(({ status }) => status === 'pending');
  return captured - refunded - sumOf(promised.map(({ amount }) => amount));
}

function ledger(world: World, message: OutgoingMessage, facilityId: string): World {
  const books = world.books[facilityId] as Books;
  const write = (written: Books): World => ({ ...world, books: { ...world.books, [facilityId]: written } });
  if (message.type === 'sale-frozen' || message.type === 'sale-thawed') {
    return write(disputed(books, message, world.order));
  }
  const isKept = books.kept.some((kept) => nameOf(kept) === nameOf(message));
  if (message.type === 'sale-paid') {
    if (books.sold > 0 || isKept) return world;
    if (facilityId === 'north' && !world.isAgreed) {
      return send(write({ ...books, kept: [message] }), 'journals', { type: 'sale-held', facilityId });
    }
    const lines = [...LINES.entries()].filter(([, line]) => line.facilityId === facilityId);
    const sold = sumOf(lines.map(([lineRef, line]) => soldFor(world, lineRef, line)));
    return send(write({ ...books, sold }), 'journals', { type: 'sale-credited', facilityId });
  }
  if (isKept) return world;
  const isHere = books.sold > 0;
  if (!isHere && books.kept.length === 0) fail(`the ledger heard ${nameOf(message)} of a sale that it does not know`);
  if (!isHere) return write({ ...books, kept: [...books.kept, message] });
  if (message.type === 'sale-settled') {
    const { settlementId } = message;
    if (books.settlements.includes(settlementId)) return world;
    return write(released({ ...books, settlements: [...books.settlements, settlementId].sort() }));
  }
  if (message.type !== 'sale-refunded') fail(`the ledger heard ${message.type}`);
  const { refundId, amount = 0 } = message.refund;
  if (refundId in books.refunds) return world;
  return send(write({ ...books, refunds: { ...books.refunds, [refundId]: amount } }), 'journals', {
    type: 'refund-posted',
    refundId,
  });
}

/** Told to be over, what the buyer won is given back before: what is left may be released. */
function disputed(
  books: Books,
  { type, dispute: { disputeId } }: Extract<OutgoingMessage, { readonly dispute: Dispute }>,
  order: OrderState,
): Books {
  const { frozen, thawed, refunds, kept } = books;
  if (thawed.includes(disputeId)) return books;
  if (type === 'sale-frozen')
    return frozen.includes(disputeId) ? books : { ...books, frozen: [...frozen, disputeId].sort() };
  if (!frozen.includes(disputeId)) fail('a dispute is over before the books know of it');
  const refund = findRefund(order, disputeId);
  const isBack = disputeId in refunds || kept.some((each) => nameOf(each) === `sale-refunded ${disputeId}`);
  if (refund && refund.status !== 'rejected' && !isBack) fail('a dispute is over before its money is given back');
  const rest = frozen.filter((id) => id !== disputeId);
  return released({ ...books, frozen: rest, thawed: [...thawed, disputeId].sort() });
}

/** What is settled is released unless it is disputed. */
function released(books: Books): Books {
  const { sold, settlements, frozen, isReleased } = books;
  return sold > 0 && settlements.length > 0 && frozen.length === 0 && !isReleased
    ? { ...books, isReleased: true }
    : books;
}

/** The return window of a sale is over. */
function releaseTurns(world: World, { window }: Scenario): World[] {
  if (!window) return [];
  return Object.entries(world.books).flatMap(([facilityId, books]) => {
    if (books.sold === 0 || books.isReleased || books.frozen.length > 0) return [];
    return [{ ...world, books: { ...world.books, [facilityId]: { ...books, isReleased: true } } }];
  });
}

/** What is left of a line's price when some of its units were given back before there were goods. */
function soldFor({ wanted }: World, lineRef: string, { quantity, price }: SoldLine): number {
  const left = wanted.split(',').map(Number)[lineRef === 'a' ? 0 : 1] ?? 0;
  return price - Math.floor((price * (quantity - left)) / quantity);
}

/** An agreement is approved, and what was kept is posted in its order. */
function agreementTurns(world: World, { agreement }: Scenario): World[] {
  if (agreement === undefined || world.isAgreed) return [];
  const { kept } = world.books.north as Books;
  const books = { ...world.books, north: { ...(world.books.north as Books), kept: [] } };
  return [
    kept.reduce((posted, message) => ledger(posted, message, 'north'), { ...world, books, isAgreed: true } as World),
  ];
}

/** The book of no facility. */
function unallocated(world: World, message: OutgoingMessage): World {
  if (message.type === 'money-cleared') {
    const held = Object.entries(world.held).map(([number, hold]) => [
      number,
      Number(number) > message.upTo ? hold : null,
    ]);
    return { ...world, held: Object.fromEntries(held) };
  }
  if (message.type !== 'money-held') fail(`the book of no facility heard ${message.type}`);
  const { number, subject } = message;
  if (number in world.held) return world;
  const amount = subject === 'order' ? AMOUNT : subject === 'refund' ? (message.refund.amount ?? 0) : SETTLED;
  return { ...world, held: { ...world.held, [number]: { subject, amount } } };
}

const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

function take(world: World, name: QueueName, message: unknown, scenario: Scenario): World {
  switch (name) {
    case 'marketplace':
      return takeFromMarketplace(world, message as string, scenario);
    case 'catalogue':
      return catalogue(world, message as OutgoingMessage, scenario);
    case 'payments':
      return payments(world, message as OutgoingMessage, scenario);
    case 'north':
    case 'south':
      return ledger(world, message as OutgoingMessage, name);
    case 'unallocated':
      return unallocated(world, message as OutgoingMessage);
    default:
      return tellOrder(world, message as IncomingMessage);
  }
}

/** Every world that can come next. */
function* successors(world: World, scenario: Scenario): Generator<World> {
  for (const name of Object.keys(world.queues) as QueueName[]) {
    const { pending, seen } = world.queues[name] as Queue<unknown>;
    for (const again of seen) yield take(world, name, again, scenario);
    const next = name === 'marketplace' ? pending : pending.slice(0, 1);
    for (const message of next) {
      const rest = pending.filter((other) => other !== message);
      const queue = { pending: rest, seen: insert(seen, message) };
      yield take({ ...world, queues: { ...world.queues, [name]: queue } }, name, message, scenario);
    }
  }
  if (scenario.method === 'gateway') {
    for (const notice of ['capture', 'fail', 'expire', 'refund'] as const) yield gateway(world, notice);
  }
  yield* settlementTurns(world, scenario);
  yield tellOrder(world, { type: 'deadline-passed', now: AFTER_THE_DEADLINE });
  yield* rivalTurns(world, scenario);
  yield* supplyTurns(world, scenario);
  yield* agreementTurns(world, scenario);
  yield* releaseTurns(world, scenario);
}

/** Which was taken first does not matter any more: without the order there are fewer worlds. */
function insert<Message>(seen: readonly Message[], message: Message): Message[] {
  return [...seen, message].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

/** What must hold in every world: a text that says what does not, or nothing. */
function broken(world: World, scenario: Scenario): string | undefined {
  const { said, payment, books, reservation } = world;
  if (new Set(said).size < said.length) return 'something was said twice';
  const paid = said.includes('order-paid');
  if (paid && said.includes('order-cancelled')) return 'both paid and cancelled';
  if (paid !== said.some((name) => name.startsWith('sale-paid'))) return 'paid without a sale, or a sale unpaid';
  if (reservation === 'committed' && !paid) return 'goods sold that nobody paid';
  if (reservation === 'released' && paid) return 'goods of a paid order let go';
  if (free(world, scenario) < 0) return 'stock sold twice';
  if (unitsWanted(world).some((units) => units < 0)) return 'more units cancelled than were sold';
  for (const { lineRef, shipped, delivered } of world.order.fulfilments ?? []) {
    if (delivered > shipped) return 'more delivered than shipped';
    const { quantity = 0 } = world.stored === 'nothing' ? { quantity: shipped } : (LINES.get(lineRef) ?? {});
    if (shipped + cancelledOf(world, lineRef) > quantity) return 'units shipped that were cancelled, or not sold';
  }
  for (const dispute of world.order.disputes ?? []) {
    if ('facilities' in world.order && isUndecided(world, dispute) && !dispute.frozen && isSold(world, dispute))
      return 'a sale is disputed and the books do not know';
  }
  if (payment) {
    const promised = refundable(payment);
    if (promised < 0) return 'more given back than captured';
    if (paid && payment.captured !== AMOUNT) return 'paid without money';
    if (said.includes('order-placed') && payment.captured > AMOUNT) return 'captured more than the order costs';
  }
  for (const { sold, refunds } of Object.values(books)) {
    if (sumOf(Object.values(refunds)) > sold) return 'the books gave back more than was sold';
    for (const [refundId, amount] of Object.entries(refunds)) {
      if (payment?.refunds[refundId]?.status !== 'refunded')
        return `${refundId} is in the books before the buyer has it`;
      if (payment.refunds[refundId].amount !== amount) return `${refundId} is another amount in the books`;
    }
  }
  return undefined;
}

/** It is open, or what the buyer won by it is still to be given back. */
function isUndecided({ order }: World, dispute: Dispute): boolean {
  const status = dispute.status === 'buyer' && findRefund(order, dispute.disputeId)?.status;
  return isDisputeOpen(dispute) || status === 'waiting' || status === 'requested';
}

/** Not all of its line was given back before there were goods. */
function isSold({ order }: World, { lineRef }: Dispute): boolean {
  const unsold = order.refunds.filter((refund) => refund.lineRef === lineRef && refund.status === 'unsold');
  return sumOf(unsold.map(({ quantity }) => quantity)) < (LINES.get(lineRef)?.quantity ?? 0);
}

/** Units of a line that are not to be shipped any more. */
function cancelledOf({ order }: World, lineRef: string): number {
  const counted = order.refunds.filter((refund) => {
    return refund.lineRef === lineRef && refund.unshipped && !['waiting', 'rejected'].includes(refund.status);
  });
  return sumOf(counted.map(({ quantity }) => quantity));
}

/** What was said of how far units have come, and of their cancellation: what fits is taken, and nothing else. */
function misjudged(world: World, { fulfilments = [] }: Scenario): string | undefined {
  const { order, released } = world;
  for (const message of fulfilments) {
    const [lineRef = '', units = ''] = message.split(/[>=]/);
    const fits = Number(units) + cancelledOf(world, lineRef) <= (LINES.get(lineRef)?.quantity ?? 0);
    const { shipped, delivered } = fulfilmentOf(order, lineRef);
    if (fits && (message.includes('=') ? delivered : shipped) < Number(units)) return `${message} is forgotten`;
  }
  for (const { lineRef, quantity, reason } of order.refunds) {
    const room =
      (LINES.get(lineRef)?.quantity ?? 0) - fulfilmentOf(order, lineRef).shipped - cancelledOf(world, lineRef);
    if (reason === 'already-shipped' && quantity <= room) return 'a cancellation is rejected that there was room for';
  }
  const back = order.refunds.filter(({ unshipped, status }) => unshipped && status === 'posted');
  return sumOf(released.map(({ quantity }) => quantity)) === sumOf(back.map(({ quantity }) => quantity))
    ? undefined
    : 'goods that were not shipped are lost';
}

/** Of disputes, and of what is released, when nothing more can happen. */
function undecided({ order, books }: World, { disputes = [], window }: Scenario): string | undefined {
  for (const message of disputes) {
    const [disputeId, outcome] = message.split(':');
    const dispute = order.disputes?.find((each) => each.disputeId === disputeId);
    if (!dispute) return `${message} is forgotten`;
    if (isDisputeOpen(dispute) || dispute.frozen) return 'a dispute waits';
    if (outcome !== undefined && dispute.status !== outcome) return 'a dispute has another outcome than was told';
    if (dispute.status === 'buyer' && !findRefund(order, dispute.disputeId)) return 'a dispute is won for nothing';
  }
  for (const { sold, settlements, frozen, isReleased } of Object.values(books)) {
    if (frozen.length > 0) return 'a sale is frozen for ever';
    if (isReleased !== (sold > 0 && (settlements.length > 0 || window === true))) return 'a sale is not released';
  }
  return undefined;
}

/** What must hold when nothing more can happen. */
function unfinished(world: World, scenario: Scenario): string | undefined {
  const { stock, supply, checkouts } = scenario;
  const { order, said, payment, books, reservation, queues } = world;
  if (Object.values(queues).some(({ pending }) => pending.length > 0)) return 'a message is never taken';
  if (isOpen(order)) return 'the order waits for ever';
  if (Object.values(books).some(({ kept }) => kept.length > 0)) return 'a sale waits for an agreement that is there';
  const entered = sumOf(Object.values(books).map(({ sold }) => sold));
  const left = sumOf(Object.values(books).flatMap(({ refunds }) => Object.values(refunds)));
  if ((payment?.captured ?? 0) - (payment?.refunded ?? 0) !== entered - left) return 'money in is not money out';
  if (payment?.status === 'pending') return 'a payment nobody waits for';
  const back = order.refunds.filter(({ status }) => status === 'posted' || status === 'unsold');
  const unitsBack = sumOf(back.map(({ quantity }) => quantity));
  if (order.refunds.some(({ status }) => !['posted', 'unsold', 'rejected'].includes(status))) return 'a refund waits';
  if (order.settlements.length !== world.settled) return 'a settlement is forgotten';
  const unruly = undecided(world, scenario);
  if (unruly) return unruly;
  const isSold = order.status === 'credited' || order.status === 'refunded';
  const outcome = isSold ? 'settled' : 'held';
  if (order.settlements.some(({ status }) => status !== outcome)) return 'a settlement has no outcome';
  const isInBooks = ({ sold, settlements }: Books) => sold === 0 || settlements.length === order.settlements.length;
  if (isSold && !Object.values(books).every(isInBooks)) return 'a settlement is not in the books';
  const held = Object.values(world.held).filter((hold) => hold !== null);
  const isOfNoOrder = held.every(({ subject }) => subject === 'settlement-without-order');
  if (!isOfNoOrder || held.length !== (isSold ? 0 : world.settled))
    return 'what is held is not what nobody can be credited for';
  switch (order.status) {
    case 'credited':
    case 'refunded': {
      const unsold = sumOf(order.refunds.map(({ status, amount = 0 }) => (status === 'unsold' ? amount : 0)));
      if (entered + unsold !== AMOUNT) return 'credited, and not in the books';
      if (reservation !== 'committed') return 'credited, and the goods are not sold';
      if ((order.status === 'refunded') !== (unitsBack === UNITS)) return 'refunded is not what it says';
      if (unitsBack === UNITS && left + unsold !== AMOUNT) return 'all units given back, and not all money';
      return misjudged(world, scenario);
    }
    case 'cancelled':
    case 'rejected':
    case 'awaited': {
      if (entered !== 0) return 'nothing was sold, and the books moved';
      if (unitsBack !== 0 && unitsBack !== UNITS) return 'some units given back, and the others are nowhere';
      if (['held', 'committed', 'waiting'].includes(reservation)) return 'goods lost';
      const outcomes = said.filter((name) => name === 'order-cancelled').length;
      if ((order.status === 'cancelled') !== (outcomes === 1)) return 'not one outcome';
      if (order.status === 'awaited' && checkouts.length > 0) return 'a checkout without outcome';
      return stock === undefined &&
        supply === undefined &&
        order.status === 'cancelled' &&
        order.reason !== 'unknown-sku'
        ? 'cancelled for another reason'
        : undefined;
    }
    default:
      return `ends as ${order.status}`;
  }
}

interface Exploration {
  readonly states: number;
  readonly steps: number;
  readonly endings: Readonly<Record<string, number>>;
  /** States from which something leads to an end: all. */
  readonly finishing: number;
}

/**
 * Breadth first: a violation comes with a shortest history. From every world that is reached, something leads to an end.
 * @param found hears of each world, in the order of finding
 * @throws Error with what is violated, and where
 */
function explore(scenario: Scenario, found: (world: World, nth: number) => void = () => {}): Exploration {
  const keyOf = keys();
  const beginning = beginningOf(scenario);
  const known = new Map([[keyOf(beginning), 0]]);
  found(beginning, 0);
  const endings: Record<string, number> = {};
  const ends: number[] = [];
  const edges: Edges = { from: [], to: [] };
  for (let frontier = [beginning]; frontier.length > 0; ) {
    const next: World[] = [];
    for (const world of frontier) {
      const own = keyOf(world);
      const from = known.get(own) as number;
      let isEnd = true;
      for (const successor of successors(world, scenario)) {
        if (successor === world) continue;
        const key = keyOf(successor);
        if (key === own) continue;
        isEnd = false;
        const to = known.get(key) ?? known.size;
        edges.from.push(from);
        edges.to.push(to);
        if (to < known.size) continue;
        known.set(key, to);
        found(successor, to);
        const violation = broken(successor, scenario);
        if (violation) fail(`${violation}: ${JSON.stringify(successor)}`);
        next.push(successor);
      }
      if (!isEnd) continue;
      const violation = unfinished(world, scenario);
      if (violation) fail(`${violation}: ${JSON.stringify(world)}`);
      ends.push(from);
      const name = 'reason' in world.order ? `${world.order.status} ${world.order.reason}` : world.order.status;
      endings[name] = (endings[name] ?? 0) + 1;
    }
    frontier = next;
  }
  const stuck = unableToEnd(known.size, edges, ends);
  if (stuck.length > 0) {
    explore(scenario, (world, nth) => {
      if (nth === stuck[0]) fail(`nothing leads to an end from ${stuck.length} worlds: ${JSON.stringify(world)}`);
    });
  }
  return { states: known.size, steps: edges.to.length, endings, finishing: known.size - stuck.length };
}

/** Steps between worlds, by their numbers. */
interface Edges {
  readonly from: number[];
  readonly to: number[];
}

/** Of so many worlds those from which no steps lead to an end, found backwards from the ends. */
function unableToEnd(worlds: number, { from, to }: Edges, ends: readonly number[]): number[] {
  // Where the steps to each world are, in a list that is sorted by it.
  const begins = new Uint32Array(worlds + 1);
  for (const world of to) begins[world + 1] = (begins[world + 1] as number) + 1;
  for (let world = 0; world < worlds; world += 1)
    begins[world + 1] = (begins[world + 1] as number) + (begins[world] as number);
  const free = begins.slice();
  const before = new Uint32Array(to.length);
  for (const [step, world] of to.entries()) {
    before[free[world] as number] = from[step] as number;
    free[world] = (free[world] as number) + 1;
  }
  const isEnding = new Uint8Array(worlds);
  for (const end of ends) isEnding[end] = 1;
  for (const waiting = [...ends]; waiting.length > 0; ) {
    const world = waiting.pop() as number;
    for (const earlier of before.subarray(begins[world], begins[world + 1])) {
      if (isEnding[earlier]) continue;
      isEnding[earlier] = 1;
      waiting.push(earlier);
    }
  }
  return [...isEnding.keys()].filter((world) => !isEnding[world]);
}

/** Two worlds have one key if and only if they are the same. A step changes few parts; the others are not read again. */
function keys(): (world: World) => string {
  const byContent = new Map<string, number>();
  const byIdentity = new WeakMap<object, number>();
  const idOf = (part: object): number => {
    let id = byIdentity.get(part);
    if (id === undefined) {
      const content = JSON.stringify(part);
      id = byContent.get(content) ?? byContent.size;
      byContent.set(content, id);
      byIdentity.set(part, id);
    }
    return id;
  };
  return ({ queues, order, payment, books, held, said, cancelled, released, ...rest }) =>
    [...Object.values(queues), order, payment ?? {}, books, held, said, cancelled, released].map(idOf).join() +
    Object.values(rest).join();
}

describe('whatever comes late, again or in another order, an order has one outcome, its goods and its money add up', () => {
  it.each(Object.keys(scenarios))(
    '%s',
    (name) => {
      const started = performance.now();
      const { states, steps, endings, finishing } = explore(scenarios[name] as Scenario);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(
        `${name}: ${states} states, ${steps} steps in ${seconds} s; ${finishing} lead to an end: ${JSON.stringify(endings)}`,
      );
      expect(states).toBeGreaterThan(10);
      expect(finishing).toBe(states);
    },
    60_000,
  );
});

it('a circle from which nothing leads to an end is found', () => {
  const edges = { from: [0, 0, 1, 3, 4, 5, 5], to: [1, 3, 2, 4, 3, 5, 3] };
  expect(unableToEnd(6, edges, [2])).toEqual([3, 4, 5]);
  expect(unableToEnd(3, { from: [0, 1, 1], to: [1, 0, 2] }, [2])).toEqual([]);
});
