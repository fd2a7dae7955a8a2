const JOURNAL_KINDS = [
  'sale',
  'refund',
  'settlement',
  // what settlements leave of a sale, once it is known to be all
  'difference',
  // money that nobody can be credited for yet, and its mirror once it is known whose it is
  'held',
  'held-cleared',
  // what was held of an order that is not there, or of no store that is known, given to a facility by two persons
  'assigned',
  // what a channel took or gave beside its orders
  'charge',
  // what went from the wallet of a channel to a bank
  'withdrawal',
  'release',
  'payout',
  'payout-failed',
  'deposit',
  // adjustments, drafted by people; a contribution is that of a lot's makers, found out after it was sold
  'correction',
  'opening',
  'write-off',
  'obligation',
  'contribution',
  // posted by the close of a month
  'variance',
  'floor-top-up',
  // what happened to a maker, written even if it moves nothing
  'transfer',
  'release-of-savings',
  'freeze',
  'unfreeze',
  'merge',
] as const;

/** What a journal is. */
export type JournalKind = (typeof JOURNAL_KINDS)[number];

/** As they are stored and hashed: older journals have kinds that held several. */
export const STORED_KINDS = [...JOURNAL_KINDS, 'adjustment', 'custody'] as const;
export type StoredKind = (typeof STORED_KINDS)[number];

const kinds = {
  adjustment: new Map<string, JournalKind>([
    ['adjustment', 'correction'],
    ['opening', 'opening'],
    ['write-off', 'write-off'],
    ['obligation', 'obligation'],
    ['contributions', 'contribution'],
    ['difference', 'difference'],
    ['assignment', 'assigned'],
  ]),
  close: new Map<string, JournalKind>([
    ['variance', 'variance'],
    ['floor', 'floor-top-up'],
  ]),
  'maker event': new Map<string, JournalKind>([
    ['transfer', 'transfer'],
    ['release', 'release-of-savings'],
    ['freeze', 'freeze'],
    ['unfreeze', 'unfreeze'],
    ['merge', 'merge'],
  ]),
};

/** The kind of what people drafted, of what a close posts, or of what happened to a maker. */
export function kindNamed(of: keyof typeof kinds, type: string): JournalKind {
  const kind = kinds[of].get(type);
  if (!kind) throw new RangeError(`no journal is of the ${of} ${type}`);
  return kind;
}

/**
 * What a journal is, whenever it was posted. One whose data name nothing that there is counts as a correction: nobody has
 * drafted it.
 * @param source its data, parsed or as the text that is stored
 */
export function kindOf({ kind, source }: { readonly kind: StoredKind; readonly source: unknown }): JournalKind {
  if (kind !== 'adjustment' && kind !== 'custody') return kind;
  const data = typeof source === 'string' ? JSON.parse(source) : source;
  const { closing, lot, type = '' } = (data ?? {}) as { closing?: string; lot?: object; type?: string };
  const named = () => {
    if (kind === 'custody') return kinds['maker event'].get(type);
    if (closing) return kinds.close.get(closing);
    return kinds.adjustment.get(lot ? 'contributions' : type);
  };
  return named() ?? 'correction';
}

const listed = (old: StoredKind, of: keyof typeof kinds) =>
  [old, ...kinds[of].values()].map((kind) => `'${kind}'`).join(', ');

/** For SQL, `kind IN (...)`: as which kinds these are stored. Of an older one the data say more. */
export const STORED_ADJUSTMENTS = listed('adjustment', 'adjustment');
export const STORED_CLOSES = listed('adjustment', 'close');
export const STORED_MAKER_EVENTS = listed('custody', 'maker event');
