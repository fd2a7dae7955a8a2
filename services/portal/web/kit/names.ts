import type { Page, Product } from '../api/answers.ts';
import type { Part } from '../api/screen.ts';
import type { Names } from '../api/sections.ts';
import { type Facility, useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { useGlossary } from './glossary.tsx';

/** What a product is called; by its SKU while the catalogue does not say. */
export function useTitles(titles: Part<Page<Product>> | undefined): (sku: string) => string {
  const { language } = useLanguage();
  const products = new Map(titles?.data?.items.map((product) => [product.sku, product]));
  return (sku) => {
    const product = products.get(sku);
    return product ? (language === 'id' ? product.titleId : product.titleEn) : sku;
  };
}

/** What a maker is called, for who may know it; children, and whoever the catalogue does not name, by pseudonym. */
export function useNames(names: Part<Names> | undefined): (makerId: string) => string {
  const known = new Map(names?.data?.items.map((person) => [person.makerId, person]));
  return (makerId) => {
    const person = known.get(makerId);
    return person && !person.isChild ? `${person.displayName} (${makerId})` : makerId;
  };
}

/** What a facility is called; by its id where the reader's scope has it not. */
export function useFacilityNames(): (facilityId: string) => string {
  const { facilities } = useWho();
  const known = new Map(facilities.map(({ facilityId, name }) => [facilityId, name]));
  return (facilityId) => known.get(facilityId) ?? facilityId;
}

/** To choose one of them by name. */
export function facilityChoices(facilities: readonly Facility[]) {
  return facilities.map(({ facilityId, name }) => ({ value: facilityId, label: name }));
}

/** What an account is called: whose it is, and for what. */
export function useAccountNames(maker: (makerId: string) => string): (code: string) => string {
  const { word } = useGlossary();
  const facility = useFacilityNames();
  return (code) => {
    const [account = '', at] = code.split('@');
    const [owner = '', id = '', named] = account.split(':');
    const purpose = named ?? id;
    const whose =
      owner === 'maker'
        ? maker(id)
        : owner === 'facility'
          ? facility(id)
          : named
            ? `${word('owner', owner)} ${id}`
            : '';
    const what = word('purpose', purpose || owner);
    return [whose, what, at && facility(at)].filter(Boolean).join(' · ');
  };
}

/** `maker:M-MJK-01:wages` is about M-MJK-01. */
export function makerOf(account: string): string | undefined {
  return /^maker:(.+):[a-z-]+$/.exec(account)?.[1];
}
