export type Language = 'id' | 'en';

/** What an account is, to somebody who has never seen its code: by purpose, or owner and purpose. */
export const subjects: Record<string, Record<Language, (name: string, facilityId: string) => string>> = {
  'wages-pending': { en: (maker) => `${maker}’s premi (pending)`, id: (maker) => `Premi ${maker} (belum cair)` },
  wages: { en: (maker) => `${maker}’s premi (available)`, id: (maker) => `Premi ${maker} (sudah cair)` },
  savings: { en: (maker) => `${maker}’s savings`, id: (maker) => `Tabungan ${maker}` },
  'maker receivable': {
    en: (maker) => `What ${maker} has to give back`,
    id: (maker) => `Kewajiban pengembalian ${maker}`,
  },
  payable: { en: (name) => `What is owed to “${name}”`, id: (name) => `Hak “${name}”` },
  'earnings-pending': { en: (unit) => `${unit}’s share (pending)`, id: (unit) => `Pendapatan ${unit} (belum cair)` },
  earnings: { en: (unit) => `${unit}’s share (available)`, id: (unit) => `Pendapatan ${unit} (sudah cair)` },
  'cost-recovery': {
    en: (unit) => `The production cost returned to ${unit}`,
    id: (unit) => `Pengembalian biaya produksi ${unit}`,
  },
  pnbp: { en: (unit) => `State revenue (PNBP) owed by ${unit}`, id: (unit) => `PNBP terutang ${unit}` },
  'vat-output': { en: (unit) => `Output VAT of ${unit}`, id: (unit) => `PPN keluaran ${unit}` },
  fees: {
    en: (channel, unit) => `The fee of ${channel} at ${unit}`,
    id: (channel, unit) => `Biaya layanan ${channel} di ${unit}`,
  },
  shipping: {
    en: (channel, unit) => `The shipping of ${channel} at ${unit}`,
    id: (channel, unit) => `Ongkos kirim ${channel} di ${unit}`,
  },
  'channel receivable': {
    en: (channel, unit) => `What ${channel} holds for ${unit}`,
    id: (channel, unit) => `Dana ${unit} pada ${channel}`,
  },
  bank: {
    en: (bank, unit) => `The money of ${unit} at bank ${bank}`,
    id: (bank, unit) => `Uang ${unit} di bank ${bank}`,
  },
  variance: {
    en: (channel, unit) => `The variance of ${channel} at ${unit}`,
    id: (channel, unit) => `Selisih potongan ${channel} di ${unit}`,
  },
  unallocated: {
    en: (channel, unit) => `What ${channel} has in the book ${unit} and nobody is credited for`,
    id: (channel, unit) => `Dana ${channel} dalam buku ${unit} yang belum dibukukan untuk siapa pun`,
  },
  'pph22-withheld': {
    en: (unit) => `Income tax (PPh 22) withheld from ${unit}`,
    id: (unit) => `PPh 22 yang dipungut dari ${unit}`,
  },
  suspense: { en: (unit) => `The money held in suspense at ${unit}`, id: (unit) => `Dana titipan (suspense) ${unit}` },
};

interface Phrases {
  moves(subject: string, grows: boolean, amount: string): string;
  paid(orderId: string, lines: number): string;
  sold(orderId: string, lineRef: string, quantity: number, unitPrice: string): string;
  lot(lotId: string): string;
  readonly deductions: Readonly<Record<'tax' | 'fees' | 'shipping' | 'recovered', string>>;
  shared(price: string, before: readonly string[], basis: string, agreement: string): string;
  deducted(what: string, amount: string): string;
  borne(amount: string): string;
  step(id: string, ask: string, soFar: string): string;
  rateOf(rate: string, input: string): string;
  bandsOf(input: string): string;
  perUnit(amount: string): string;
  readonly fixed: string;
  soFar(period: string, input: string, taken: string): string;
  limited(asked: string, taken: string, limit: string): string;
  raised(asked: string, taken: string): string;
  readonly ofWhich: string;
  readonly and: string;
  share(rate: string, destination: string, amount: string): string;
  destination(id: string): string;
  readonly measures: Readonly<Record<'hours' | 'pieces' | 'weight' | 'equal', string>>;
  contribution(makerId: string, weight: string, weights: string, measure: string, amount: string): string;
  alone(makerId: string): string;
  readonly suspense: string;
  premi(makerId: string, amount: string): string;
  rounded(up: boolean, exact: string): string;
  refunded(refundRef: string, orderId: string, lineRef: string, amount: string): string;
  takenBack(credited: string, ofPrice: string, due: string, before: string): string;
  goodwill(amount: string): string;
  stoodIn(amount: string): string;
  fromHere(due: string, amount: string): string;
  owed(due: string, there: string, amount: string): string;
}

const listed = (items: readonly string[], and: string) =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${and} ${items.at(-1)}`;

const limitsInIndonesian: Record<string, string> = {
  remaining: 'sisa',
  max: 'maksimum',
  period: 'batas periode',
  owed: 'sisa kewajiban',
  pot: 'batas saldo',
};
const limitsInEnglish: Record<string, string> = {
  remaining: 'what remains',
  max: 'the maximum',
  period: 'the limit of the period',
  owed: 'what is still owed',
  pot: 'the ceiling of the balance',
};

export const phrases: Record<Language, Phrases> = {
  en: {
    moves: (who, grows, amount) => `${who} ${grows ? 'grows' : 'falls'} by ${amount}`,
    paid: (orderId, lines) => `because the buyer paid order ${orderId} (${lines} ${lines === 1 ? 'line' : 'lines'})`,
    sold: (orderId, lineRef, quantity, price) =>
      `because order ${orderId}, line ${lineRef} (${quantity} × ${price}) was sold`,
    lot: (lotId) => `lot ${lotId}`,
    deductions: { tax: 'tax', fees: 'fees', shipping: 'shipping', recovered: 'production cost' },
    shared: (price, before, basis, agreement) =>
      before.length === 0
        ? `${basis} is shared by agreement ${agreement}`
        : `of ${price}, ${basis} is left after ${listed(before, 'and')} and is shared by agreement ${agreement}`,
    deducted: (what, amount) => `${amount} of ${what} is set aside in full before anything is shared`,
    borne: (amount) => `less ${amount} of costs that the agreement leaves to the facility`,
    step: (id, ask, soFar) => `step “${id}” takes ${ask}${soFar}:`,
    rateOf: (rate, input) => `${rate} of ${input}`,
    bandsOf: (input) => `its bands of ${input}`,
    perUnit: (amount) => `${amount} a unit`,
    fixed: 'a fixed amount',
    soFar: (period, input, taken) => ` on top of ${input} earlier in ${period}, of which ${taken} was taken`,
    limited: (asked, taken, limit) =>
      `${asked} asked, ${taken} taken, held back by ${limitsInEnglish[limit] ?? `cap “${limit}”`}`,
    raised: (asked, taken) => `${asked} asked, raised to the minimum of ${taken}`,
    ofWhich: 'of which ',
    and: 'and ',
    share: (rate, destination, amount) => `${rate} for ${destination} is ${amount}`,
    destination: (id) =>
      ({ makers: 'the makers', facility: 'the facility', state: 'the state', wages: 'premi' })[id] ?? id,
    measures: { hours: 'hours', pieces: 'pieces', weight: 'weight', equal: 'equal parts' },
    contribution: (maker, weight, weights, measure, amount) =>
      `${maker}’s ${weight} of ${weights} ${measure} give ${amount}`,
    alone: (maker) => `all of it made by ${maker}`,
    suspense: 'held until the lot’s contributions are recorded',
    premi: (maker, amount) => `so ${maker}’s premi is ${amount}`,
    rounded: (up, exact) => `rounded ${up ? 'up' : 'down'} from ${exact}`,
    refunded: (refund, orderId, line, amount) =>
      `because refund ${refund} gave ${amount} of order ${orderId}, line ${line}, back to the buyer`,
    takenBack: (credited, ofPrice, due, before) =>
      `of ${credited} credited, ${ofPrice} is due back in all, ${due}, of which ${before} was taken back before`,
    goodwill: (amount) => `${amount} of it is more than the price, which the facility bears`,
    stoodIn: (amount) => `${amount} of it beneficiaries had no longer, and the facility bears it`,
    fromHere: (due, amount) => `of the ${due} due now, ${amount} falls here`,
    owed: (due, there, amount) => `of the ${due} due now only ${there} was still there, so ${amount} is owed`,
  },
  id: {
    moves: (who, grows, amount) => `${who} ${grows ? 'bertambah' : 'berkurang'} ${amount}`,
    paid: (orderId, lines) => `karena pembeli membayar pesanan ${orderId} (${lines} baris)`,
    sold: (orderId, lineRef, quantity, price) =>
      `karena pesanan ${orderId} baris ${lineRef} (${quantity} × ${price}) terjual`,
    lot: (lotId) => `lot ${lotId}`,
    deductions: { tax: 'pajak', fees: 'biaya layanan', shipping: 'ongkos kirim', recovered: 'biaya produksi' },
    shared: (price, before, basis, agreement) =>
      before.length === 0
        ? `${basis} dibagi menurut perjanjian ${agreement}`
        : `dari ${price}, setelah ${listed(before, 'dan')} tersisa ${basis} yang dibagi menurut perjanjian ${agreement}`,
    deducted: (what, amount) => `${what} ${amount} disisihkan penuh sebelum pembagian`,
    borne: (amount) => `dikurangi ${amount} biaya yang menurut perjanjian ditanggung satuan kerja`,
    step: (id, ask, soFar) => `langkah “${id}” mengambil ${ask}${soFar}:`,
    rateOf: (rate, input) => `${rate} dari ${input}`,
    bandsOf: (input) => `tarif berjenjang dari ${input}`,
    perUnit: (amount) => `${amount} per unit`,
    fixed: 'jumlah tetap',
    soFar: (period, input, taken) => ` di atas ${input} sebelumnya dalam ${period}, yang sudah diambil ${taken}`,
    limited: (asked, taken, limit) =>
      `diminta ${asked}, diambil ${taken}, dibatasi oleh ${limitsInIndonesian[limit] ?? `batas “${limit}”`}`,
    raised: (asked, taken) => `diminta ${asked}, dinaikkan ke minimum ${taken}`,
    ofWhich: '',
    and: 'dan ',
    share: (rate, destination, amount) => `bagian ${destination} ${rate} adalah ${amount}`,
    destination: (id) =>
      ({ makers: 'para pembuat', facility: 'satuan kerja', state: 'negara', wages: 'premi', savings: 'tabungan' })[
        id
      ] ?? id,
    measures: { hours: 'jam', pieces: 'buah', weight: 'berat', equal: 'bagian sama' },
    contribution: (maker, weight, weights, measure, amount) =>
      `${weight} dari ${weights} ${measure} oleh ${maker} menghasilkan ${amount}`,
    alone: (maker) => `seluruhnya dibuat oleh ${maker}`,
    suspense: 'ditahan sampai kontribusi lot dicatat',
    premi: (maker, amount) => `sehingga premi ${maker} ${amount}`,
    rounded: (up, exact) => `dibulatkan ke ${up ? 'atas' : 'bawah'} dari ${exact}`,
    refunded: (refund, orderId, line, amount) =>
      `karena pengembalian dana ${refund} membayar kembali ${amount} dari pesanan ${orderId} baris ${line} kepada pembeli`,
    takenBack: (credited, ofPrice, due, before) =>
      `dari ${credited} yang dikreditkan, hingga kini ${ofPrice} harus kembali, yaitu ${due}, dan ${before} sudah diambil sebelumnya`,
    goodwill: (amount) => `${amount} di antaranya melebihi harga dan ditanggung satuan kerja`,
    stoodIn: (amount) => `${amount} di antaranya tidak lagi ada pada penerima dan ditanggung satuan kerja`,
    fromHere: (due, amount) => `dari ${due} yang jatuh tempo sekarang, ${amount} diambil dari sini`,
    owed: (due, there, amount) =>
      `dari ${due} yang jatuh tempo sekarang hanya ${there} yang masih ada, sehingga ${amount} menjadi kewajiban`,
  },
};
