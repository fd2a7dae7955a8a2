import {
  CategoryId,
  FacilityId,
  Flag,
  LotId,
  MakerId,
  Money,
  Name,
  oneOf,
  PastDate,
  Pieces,
  Programme,
  Region,
  Sku,
  TimeZone,
  Units,
  Weight,
  words,
} from '#libs/contracts';
import {
  type Cell,
  type Column,
  type Columns,
  column,
  decimalAsWritten,
  EXAMPLE_ID,
  optional,
  piecesAsWritten,
  rupiahAsWritten,
  type ValuesOf,
} from '#libs/tables';

const FACILITY = { id: 'kode satuan kerja', en: 'code of the facility' };
const SKU = { id: 'kode barang', en: 'code of the goods' };
const LOT = { id: 'kode lot produksi', en: 'code of the production lot' };
const MAKER = {
  id: 'kode pembuat, bukan nama atau nomor registrasi',
  en: 'code of the maker, not a name or registration number',
};
const YES = { id: 'true atau false', en: 'true or false' };

const value = column(
  Weight,
  { id: 'jam, barang, atau berat; kosong untuk equal', en: 'hours, pieces or weight; blank for equal' },
  '7.5',
  decimalAsWritten,
);

const fewerThan = column(
  Pieces,
  { id: 'stok menipis bila kurang dari ini; boleh kosong', en: 'stock is low below this; may be blank' },
  '',
  piecesAsWritten,
);
/** Blank, nobody watches. */
const lowStock: Column<number> = {
  ...fewerThan,
  isOptional: true,
  read: (cell) => (String(cell).trim() === '' ? { value: 0 } : fewerThan.read(cell)),
};

/** The files in the order in which one refers to another, and their columns, which are the columns of the tables too. */
export const catalogueFiles = {
  'facilities.csv': {
    facility_id: column(FacilityId, FACILITY, EXAMPLE_ID),
    name: column(Name, { id: 'nama satuan kerja', en: 'name of the facility' }, 'Lapas Kelas IIA Contoh'),
    type: column(
      oneOf(['lapas', 'rutan', 'lpka', 'lpp', 'bapas']),
      { id: 'lapas, rutan, lpka, lpp, atau bapas', en: 'lapas, rutan, lpka, lpp or bapas' },
      'lapas',
    ),
    class: column(words(60, 'class'), { id: 'kelas', en: 'class' }, 'IIA'),
    region: column(Region, { id: 'wilayah', en: 'region' }, 'Jawa Timur'),
    timezone: column(TimeZone, { id: 'zona waktu', en: 'time zone' }, 'Asia/Jakarta'),
  },
  'makers.csv': {
    maker_id: column(MakerId, MAKER, EXAMPLE_ID),
    facility_id: column(FacilityId, FACILITY, 'LP-01'),
    registration_no: column(Name, { id: 'nomor registrasi', en: 'registration number' }, 'CONTOH-1'),
    name: column(Name, { id: 'nama lengkap', en: 'full name' }, 'Nama Contoh'),
    display_name: column(Name, { id: 'nama yang ditampilkan', en: 'name that is shown' }, 'Perajin Contoh'),
    consent: column(Flag, { id: `setuju ditampilkan: ${YES.id}`, en: `consents to be shown: ${YES.en}` }, 'true'),
    is_child: column(Flag, { id: `anak: ${YES.id}`, en: `a child: ${YES.en}` }, 'false'),
  },
  'products.csv': {
    sku: column(Sku, SKU, EXAMPLE_ID),
    facility_id: column(FacilityId, FACILITY, 'LP-01'),
    category: column(
      CategoryId,
      {
        id: 'kode kategori, misalnya craft, culinary, fashion',
        en: 'code of a category, such as craft, culinary, fashion',
      },
      'craft',
    ),
    title_id: column(Name, { id: 'nama barang dalam bahasa Indonesia', en: 'title in Indonesian' }, 'Tas kulit'),
    title_en: column(Name, { id: 'nama barang dalam bahasa Inggris', en: 'title in English' }, 'Leather bag'),
    price: column(
      Money,
      { id: 'harga daftar, rupiah bulat', en: 'list price, whole rupiah' },
      '150000',
      rupiahAsWritten,
    ),
    programme: optional(
      column(Programme, { id: 'program pembinaan; boleh kosong', en: 'programme of the workshop; may be blank' }, ''),
    ),
    low_stock: lowStock,
  },
  'lots.csv': {
    lot_id: column(LotId, LOT, EXAMPLE_ID),
    sku: column(Sku, SKU, 'TAS-KULIT-01'),
    facility_id: column(FacilityId, FACILITY, 'LP-01'),
    quantity: column(
      Units,
      { id: 'jumlah barang, bilangan bulat', en: 'number of pieces, a whole number' },
      '20',
      piecesAsWritten,
    ),
    unit_cost: column(
      Money,
      { id: 'biaya produksi satu barang, rupiah bulat', en: 'cost of one piece, whole rupiah' },
      '45000',
      rupiahAsWritten,
    ),
    made_on: column(PastDate, { id: 'tanggal dibuat, YYYY-MM-DD', en: 'day of production, YYYY-MM-DD' }, '2026-01-31'),
  },
  'contributions.csv': {
    lot_id: column(LotId, LOT, EXAMPLE_ID),
    maker_id: column(MakerId, MAKER, 'M-01'),
    measure: column(
      oneOf(['hours', 'pieces', 'weight', 'equal']),
      { id: 'hours, pieces, weight, atau equal, satu untuk satu lot', en: 'hours, pieces, weight or equal, one a lot' },
      'hours',
    ),
    value,
  },
} satisfies Record<string, Columns>;

/** How a contribution is read, which its measure decides: pieces are whole, and among equals nothing is read. */
export function contributionOf(measure: string | undefined): Column<string> {
  if (measure === 'equal') return { ...value, read: () => ({ value: '1' }) };
  // A number of a workbook as well: 1.25 pieces are none.
  if (measure === 'pieces') return { ...value, read: (cell: Cell) => pieces.read(String(cell)) };
  return value;
}

const pieces = column(Weight, { id: '', en: '' }, '', piecesAsWritten);

export type CatalogueFile = keyof typeof catalogueFiles;

export const catalogueFileNames = Object.keys(catalogueFiles) as CatalogueFile[];

/** By the names of their templates. */
export const tables: Readonly<Record<string, Columns>> = Object.fromEntries(
  Object.entries(catalogueFiles).map(([file, columns]) => [file.replace('.csv', ''), columns]),
);

/** `lots.xlsx` of `lots.csv`: each file may be a workbook instead. */
export function workbookNameOf<Stem extends string>(file: `${Stem}.csv`): `${Stem}.xlsx` {
  return file.replace(/csv$/, 'xlsx') as `${Stem}.xlsx`;
}

export type RowOf<File extends CatalogueFile> = ValuesOf<(typeof catalogueFiles)[File]>;
