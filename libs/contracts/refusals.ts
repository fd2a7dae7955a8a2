import type { Sentence } from './values/kind.ts';

/** Why something that a marketplace sent is not, or not yet, a sale in the books: one list for every door and every outcome. */
export interface RefusalEntry {
  readonly meaning: Sentence;
  /** Who has to do something: the marketplace, or us. */
  readonly acts: 'marketplace' | 'pasindo' | 'nobody';
  /** Whether the same, or something else, is to be sent again. */
  readonly resend: 'corrected' | 'no';
}

const entry = (acts: RefusalEntry['acts'], resend: RefusalEntry['resend'], en: string, id: string): RefusalEntry => ({
  meaning: { en, id },
  acts,
  resend,
});

export const REFUSALS = {
  // at the door of webhooks
  'bad-signature': entry(
    'marketplace',
    'corrected',
    'The signature is missing, or not of this body under a secret of this channel. Nothing was kept.',
    'Tanda tangan tidak ada, atau bukan milik isi ini dengan rahasia kanal ini. Tidak ada yang disimpan.',
  ),
  'stale-signature': entry(
    'marketplace',
    'corrected',
    'It was signed more than 300 seconds ago, or ahead. Sign it anew when it is sent again, and set the clock.',
    'Ditandatangani lebih dari 300 detik yang lalu, atau mendahului. Tanda tangani lagi saat dikirim ulang, dan setel jamnya.',
  ),
  unreadable: entry(
    'marketplace',
    'corrected',
    'It is no CloudEvent of ours, or does not say which order is meant. Nothing was done.',
    'Bukan CloudEvent milik kami, atau tidak menyebut pesanan mana yang dimaksud. Tidak ada yang dilakukan.',
  ),
  // about the sender
  'unknown-channel': entry(
    'pasindo',
    'corrected',
    'Nothing is taken from this channel: it has no approved terms for this day. Ask us, then send a corrected checkout.',
    'Tidak ada yang diterima dari kanal ini: belum ada ketentuan yang disetujui untuk hari itu. Hubungi kami, lalu kirim checkout yang dibetulkan.',
  ),
  'wrong-channel': entry(
    'marketplace',
    'corrected',
    'The order is of another channel than the one that speaks. Nothing was done about the order.',
    'Pesanan itu milik kanal lain daripada pengirimnya. Tidak ada yang dilakukan pada pesanan itu.',
  ),
  // about what was sent
  invalid: entry(
    'marketplace',
    'corrected',
    'A field breaks a rule; the detail names it. A corrected one of the same reference takes its place.',
    'Ada isian yang melanggar aturan; rinciannya menyebutkan yang mana. Kiriman yang dibetulkan dengan nomor yang sama menggantikannya.',
  ),
  conflict: entry(
    'marketplace',
    'no',
    'Another of this reference came before, with other content. The first stands: an order is changed by a refund, never by a second checkout.',
    'Kiriman lain dengan nomor ini sudah masuk, dengan isi yang berbeda. Yang pertama berlaku: pesanan diubah dengan pengembalian dana, bukan dengan checkout kedua.',
  ),
  'event-id-reused': entry(
    'marketplace',
    'no',
    'The id of an event was used for another one before. Both were judged by what they say; use an id once.',
    'Id suatu peristiwa pernah dipakai untuk peristiwa lain. Keduanya dinilai menurut isinya; pakailah satu id sekali saja.',
  ),
  // what becomes of an order
  'unknown-sku': entry(
    'pasindo',
    'no',
    'No product of ours has this SKU yet. We map it, or give the units back.',
    'Belum ada produk kami dengan SKU ini. Kami memetakannya, atau mengembalikan barangnya.',
  ),
  'out-of-stock': entry(
    'pasindo',
    'no',
    'There are not enough goods. We record what was made, or give the units back.',
    'Barangnya tidak cukup. Kami mencatat hasil produksi, atau mengembalikan barangnya.',
  ),
  'payment-failed': entry(
    'nobody',
    'no',
    'The buyer of one of our own shops did not pay.',
    'Pembeli di toko kami sendiri tidak membayar.',
  ),
  'reservation-expired': entry(
    'nobody',
    'no',
    'The money of the buyer did not come while the goods were held.',
    'Uang pembeli tidak masuk selama barang ditahan.',
  ),
  'no-agreement': entry(
    'pasindo',
    'no',
    'No agreement says yet how this sale is shared. It waits, and is credited when one is approved.',
    'Belum ada perjanjian tentang pembagian penjualan ini. Penjualan menunggu, dan dibukukan saat perjanjian disetujui.',
  ),
  // what becomes of a refund
  'sale-unknown': entry(
    'marketplace',
    'corrected',
    'There is no such order or line: its checkout did not come within a day.',
    'Tidak ada pesanan atau baris itu: checkout-nya tidak datang dalam sehari.',
  ),
  'sale-rejected': entry(
    'nobody',
    'no',
    'The order was rejected or cancelled: there is nothing to give back.',
    'Pesanan ditolak atau dibatalkan: tidak ada yang dikembalikan.',
  ),
  'refund-exceeds-sale': entry(
    'marketplace',
    'corrected',
    'More units than are left of this line. Send a refund of another reference for what is left.',
    'Jumlahnya melebihi sisa baris ini. Kirim pengembalian dengan nomor lain untuk sisanya.',
  ),
  'already-shipped': entry(
    'marketplace',
    'corrected',
    'You told us that these units are shipped. When they come back, send a refund of another reference.',
    'Barang ini sudah Anda nyatakan dikirim. Bila kembali, kirim pengembalian dana dengan nomor lain.',
  ),
  // what becomes of a dispute, beside what becomes of a refund
  'dispute-exceeds-sale': entry(
    'marketplace',
    'corrected',
    'More units than were sold of this line. Send a dispute of another reference for those that it is about.',
    'Jumlahnya melebihi yang dijual pada baris ini. Kirim sengketa dengan nomor lain untuk barang yang dimaksud.',
  ),
} as const satisfies Readonly<Record<string, RefusalEntry>>;

export type RefusalCode = keyof typeof REFUSALS;

const WHO = {
  en: { marketplace: 'the marketplace', pasindo: 'we', nobody: 'nobody' },
  id: { marketplace: 'marketplace', pasindo: 'kami', nobody: 'tidak ada' },
};
const AGAIN = {
  en: { corrected: 'yes, corrected', no: 'no' },
  id: { corrected: 'ya, setelah dibetulkan', no: 'tidak' },
};

/** docs/ERRORS.md */
export function errorsDocument(): string {
  const rows = (language: 'en' | 'id') =>
    Object.entries<RefusalEntry>(REFUSALS).map(
      ([code, { meaning, acts, resend }]) =>
        `| \`${code}\` | ${meaning[language]} | ${WHO[language][acts]} | ${AGAIN[language][resend]} |`,
    );
  return `# Errors

What a marketplace is told, as \`reason\` of an outcome or as \`code\` of an answer, at every door. Generated from \`libs/contracts\` by \`npm run asyncapi\`.

| code | means | who acts | send again |
|---|---|---|---|
${rows('en').join('\n')}

Answers of HTTP are problems (RFC 9457). 429 and 5xx: send the same again later, after \`Retry-After\` where it is said; nothing is done twice. 401 at a door with a token: get a new one.

## Dalam bahasa Indonesia

| kode | artinya | siapa bertindak | kirim ulang |
|---|---|---|---|
${rows('id').join('\n')}

Jawaban HTTP berupa *problem* (RFC 9457). 429 dan 5xx: kirim yang sama lagi nanti, setelah \`Retry-After\` bila disebut; tidak ada yang dilakukan dua kali. 401 di pintu dengan token: ambil token baru.
`;
}
