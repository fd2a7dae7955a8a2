import { type Fault, fault, type Kind, textKind } from './kind.ts';

/** Ids of ours have a grammar that account codes, hledger, beancount, URLs and file names can carry. */

interface Grammar {
  readonly pattern: string;
  readonly lengthMax: number;
  readonly description: string;
  /** The pattern in words. */
  readonly words: { readonly en: string; readonly id: string };
}

/** @param wrong what is said of a text that has not the grammar */
export function patterned<Value extends string = string>(
  { pattern, lengthMax, description }: Omit<Grammar, 'words'>,
  wrong: Fault,
  normal?: (text: string) => string,
): Kind<Value> {
  const grammar = new RegExp(pattern, 'u');
  const holds = (text: string) => text.length <= lengthMax && grammar.test(text);
  // A normal form of its own lets more texts in than the pattern has.
  const published = { minLength: 1, maxLength: lengthMax, ...(normal ? {} : { pattern }), description };
  return textKind(published, (text) => (holds(text) ? undefined : wrong), normal);
}

function id({ words, ...grammar }: Grammar): Kind<string> {
  const { pattern, lengthMax } = grammar;
  return patterned(
    grammar,
    fault('not-an-id', `must be ${words.en}`, `harus berupa ${words.id}`, { pattern, lengthMax }),
  );
}

const accountPart = {
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
  lengthMax: 60,
  words: {
    en: '1 to 60 letters A-Z a-z, digits, dots, underscores and hyphens, the first a letter or digit, such as LP-01',
    id: '1 sampai 60 huruf A-Z a-z, angka, titik, garis bawah dan tanda hubung, diawali huruf atau angka, misalnya LP-01',
  },
};
const name = {
  pattern: '^[a-z0-9][a-z0-9-]*$',
  lengthMax: 40,
  words: {
    en: '1 to 40 small letters a-z, digits and hyphens, the first a letter or digit, such as blanja',
    id: '1 sampai 40 huruf kecil a-z, angka dan tanda hubung, diawali huruf atau angka, misalnya blanja',
  },
};

export const FacilityId = id({ ...accountPart, description: 'facility: Lapas, Rutan, LPKA, LPP or Bapas' });
export const MakerId = id({ ...accountPart, description: 'pseudonym of a maker; never a name or registration number' });
export const ChannelId = id({ ...name, description: 'marketplace or shop the sale was made on' });
export const BankId = id({ ...name, description: 'bank account that money comes to or leaves from' });
export const CategoryId = id({ ...name, description: 'category of a product' });
export const AgreementId = id({
  pattern: '^[A-Z0-9][A-Z0-9-]*$',
  lengthMax: 40,
  description: 'sharing agreement',
  words: {
    en: '1 to 40 capital letters A-Z, digits and hyphens, the first a letter or digit, such as ID-1990',
    id: '1 sampai 40 huruf kapital A-Z, angka dan tanda hubung, diawali huruf atau angka, misalnya ID-1990',
  },
});
export const BeneficiaryId = id({
  pattern: '^beneficiary:[A-Za-z0-9-]+$',
  lengthMax: 52,
  description: 'who is paid in a maker’s place or by an agreement: a pseudonym, never a name',
  words: {
    en: 'beneficiary: with 1 to 40 letters A-Z a-z, digits and hyphens, such as beneficiary:restitution',
    id: 'beneficiary: diikuti 1 sampai 40 huruf A-Z a-z, angka dan tanda hubung, misalnya beneficiary:restitution',
  },
});
export const DebtorId = id({
  pattern: '^(maker|facility):[A-Za-z0-9][A-Za-z0-9._-]{0,59}$',
  lengthMax: 69,
  description: 'who has to pay',
  words: {
    en: 'maker: or facility: with its id, such as maker:M1',
    id: 'maker: atau facility: diikuti id-nya, misalnya maker:M1',
  },
});

/** Lower case, in which two persons cannot look alike; `P-17` and `p-17` are one, `P-17 ` is nobody. */
export const PersonId = patterned(
  {
    pattern: '^[a-z0-9][a-z0-9._-]*$',
    lengthMax: 60,
    description: 'person id; capitals count as small letters',
  },
  fault(
    'not-a-person-id',
    'must be 1 to 60 letters a-z, digits, dots, underscores and hyphens, without blanks, the first a letter or digit, such as p-17',
    'harus berupa 1 sampai 60 huruf a-z, angka, titik, garis bawah dan tanda hubung, tanpa spasi, diawali huruf atau angka, misalnya p-17',
  ),
  normalPersonId,
);

/** Persons are compared in this form, also those from before there was a grammar. */
export function normalPersonId(id: string): string {
  return id.normalize('NFKC').toLowerCase();
}

export const Uuid = patterned(
  {
    pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
    lengthMax: 36,
    description: 'UUID',
  },
  fault(
    'not-a-uuid',
    'must be a UUID, such as 01890a5d-ac96-774b-bcce-b302099a8057',
    'harus berupa UUID, misalnya 01890a5d-ac96-774b-bcce-b302099a8057',
  ),
  (text) => text.toLowerCase(),
);
