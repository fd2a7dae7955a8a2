import { fault, textKind } from './kind.ts';
import { reference, sought, words } from './text.ts';

export const OrderRef = reference('order number of the channel');
export const LineRef = reference('line number of the channel, unique in the order');
export const RefundRef = reference('refund number of the channel, unique in the line');
export const DisputeRef = reference('dispute number of the channel, unique in the line');
export const SettlementRef = reference('line of the channel’s report, unique in the order');
export const Sku = reference('stock keeping unit');
export const StoreRef = reference('store of a channel, as it calls it');
export const FeeClass = reference('class of goods that a channel charges its fees by, as it calls it');
export const LotId = reference('production lot');

/** Names, titles and places. */
export const Name = words(300, 'name');
export const Region = words(300, 'region of the facility');
export const Programme = words(100, 'programme of the workshop (pembinaan) that the product is made under');
export const Reason = words(1_000, 'why, in words');

/** What somebody looks for, or where a page begins. */
export const StoredText = sought('as it is stored');

const ADDRESS_LENGTH_MAX = 500;

/** Where somebody listens: nothing secret is in it. */
export const WebAddress = textKind(
  { format: 'uri', minLength: 1, maxLength: ADDRESS_LENGTH_MAX, description: 'web address' },
  (text) => {
    const { protocol, username, password, hash } = URL.parse(text) ?? {};
    const isOne = (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' && hash === '';
    return isOne && text.length <= ADDRESS_LENGTH_MAX
      ? undefined
      : fault(
          'not-a-web-address',
          `must be an address such as https://pasar.example/pasindo, of at most ${ADDRESS_LENGTH_MAX} characters, without a user and without #`,
          `harus berupa alamat seperti https://pasar.example/pasindo, paling banyak ${ADDRESS_LENGTH_MAX} karakter, tanpa nama pengguna dan tanpa #`,
        );
  },
);
