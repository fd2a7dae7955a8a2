import {
  FacilityId,
  Flag,
  type Kind,
  LotId,
  MakerId,
  Money,
  Name,
  oneOf,
  PastDate,
  Programme,
  quoted,
  Region,
  type Scalar,
  Sku,
  TimeZone,
  Units,
  Weight,
  words,
} from '#libs/contracts';
import { optional, type Reader, Unreadable, type ValuesOf } from './csv.ts';

const cell =
  <Of extends Scalar>(kind: Kind<Of>) =>
  (field: string): Of => {
    const { value, fault } = kind.read(field);
    if (fault) throw new Unreadable(`${quoted(field)} ${fault.message.en}`);
    return value;
  };

const facilityTypes = ['lapas', 'rutan', 'lpka', 'lpp', 'bapas'] as const;
const categories = ['craft', 'culinary', 'fashion'] as const;
const measures = ['hours', 'pieces', 'weight', 'equal'] as const;

/** The files in the order in which one refers to another, and their columns, which are the columns of the tables too. */
export const catalogueFiles = {
  'facilities.csv': {
    facility_id: cell(FacilityId),
    name: cell(Name),
    type: cell(oneOf(facilityTypes)),
    class: cell(words(60, 'class')),
    region: cell(Region),
    timezone: cell(TimeZone),
  },
  'makers.csv': {
    maker_id: cell(MakerId),
    facility_id: cell(FacilityId),
    registration_no: cell(Name),
    name: cell(Name),
    display_name: cell(Name),
    consent: cell(Flag),
    is_child: cell(Flag),
  },
  'products.csv': {
    sku: cell(Sku),
    facility_id: cell(FacilityId),
    category: cell(oneOf(categories)),
    title_id: cell(Name),
    title_en: cell(Name),
    price: cell(Money),
    programme: optional(cell(Programme)),
  },
  'lots.csv': {
    lot_id: cell(LotId),
    sku: cell(Sku),
    facility_id: cell(FacilityId),
    quantity: cell(Units),
    unit_cost: cell(Money),
    made_on: cell(PastDate),
  },
  'contributions.csv': {
    lot_id: cell(LotId),
    maker_id: cell(MakerId),
    measure: cell(oneOf(measures)),
    // Among equals whatever stands there is not read.
    value: (field, { measure }) => (measure === 'equal' ? '1' : cell(Weight)(field)),
  },
} satisfies Record<string, Record<string, Reader>>;

export type CatalogueFile = keyof typeof catalogueFiles;

export const catalogueFileNames = Object.keys(catalogueFiles) as CatalogueFile[];

export type RowOf<File extends CatalogueFile> = ValuesOf<(typeof catalogueFiles)[File]>;
