import type { HoldSource } from '../../sales/holds/hold.ts';
import type { Language } from './phrases.ts';

/** Who decided it, by person ids. */
type Persons = readonly (string | null)[];

interface CausePhrases {
  settled(settlementId: string, channel: string, saleId: string): string;
  readonly settledBy: {
    paidOut(held: string): string;
    part(settled: string, held: string): string;
    reported(revenue: string, fee: string, shipping: string, withheld: string): string;
    left(channel: string, held: string): string;
    /** @param back whether it is to be given back */
    difference(held: string, expected: string, back: boolean): string;
    toBank(held: string, fee: string, shipping: string, withheld: string): string;
    cleared(what: 'fee' | 'shipping', expected: string): string;
    withheld(amount: string): string;
    /** @param unreported what the channel held and its report has not; null: nothing */
    variance(kept: string, expected: string, unreported: string | null): string;
  };
  agreed(saleId: string, settlementId: string, refundId: string): string;
  accepted(saleId: string, settlementId: string, reason: string, by: Persons): string;
  readonly held: Readonly<
    Record<
      Exclude<HoldSource['subject'], 'assigned' | 'charge'>,
      (orderId: string, channel: string, amount: string, settlementId: string) => string
    >
  >;
  assigned(orderId: string, amount: string, settlementId: string, reason: string, by: Persons): string;
  noLongerHeld(orderId: string): string;
  /** @param given whether the channel gave it: else it took it. @param store null: none was told */
  charged(channel: string, amount: string, given: boolean, called: string, store: string | null): string;
  /** @param charged why it is there, as `charged` says it */
  ofNoStore(charged: string): string;
  assignedCharge(charged: string, reason: string, by: Persons): string;
  noLongerOfNoStore(called: string): string;
  withdrawn(channel: string, amount: string, wallet: string, bank: string, day: string, withdrawalId: string): string;
  ofWallet(facilityId: string, balance: string, total: string, part: string): string;
  released(saleId: string, because: string): string;
  bySettlement(settlementId: string): string;
  byWindow(instant: string): string;
  readonly notPending: string;
  readonly allOfIt: string;
  readonly limit: (rate: string, released: string, most: string) => string;
  recovered(limits: string, owed: string, recovered: string): string;
  made(released: string, recovered: string): string;
  paid(payoutId: string, amount: string, bank: string, day: string, by: Persons): string;
  sentBack(payoutId: string, amount: string, bank: string, day: string, reason: string): string;
  deposited(amount: string, billingCode: string, ntpn: string, day: string, by: string): string;
  decided(what: string, reason: string, by: Persons): string;
  readonly types: Readonly<Record<string, string>>;
  endOfCustody(makerId: string): string;
  samePerson(makerId: string, into: string): string;
  recorded(lotId: string, orderId: string, lineRef: string, reason: string, by: Persons): string;
  leftSuspense(held: string, reversed: string): string;
  ofLot(makerId: string, weight: string, weights: string, held: string, amount: string): string;
  ofStep(step: string, amount: string): string;
  lessRefunds(reversed: string): string;
  closed(month: string, by: Persons): string;
  keptMore(channel: string, more: boolean, amount: string): string;
  borne(total: string, gained: boolean): string;
  belowFloor(premi: string, floor: string, missing: string, facilityId: string): string;
  allBelowFloor(makers: number, floor: string, missing: string, facilityId: string): string;
  throughStep(step: string): string;
}

const english: CausePhrases = {
  settled: (settlement, channel, sale) =>
    `because settlement ${settlement} paid out what ${channel} held for sale ${sale}`,
  settledBy: {
    paidOut: (held) => `it held ${held}`,
    part: (settled, held) => `${settled} of the ${held} that it held`,
    reported: (revenue, fee, shipping, withheld) =>
      `${revenue} settled, less fee ${fee}, shipping ${shipping} and withheld income tax ${withheld}`,
    left: (channel, held) => `${channel} held ${held} and will not pay it`,
    difference: (held, expected, back) =>
      `${held} was left of what it held, and ${expected} of fee and shipping was still ${back ? 'to be given back' : 'expected'}`,
    toBank: (held, fee, shipping, withheld) =>
      `${held} held, less fee ${fee}, shipping ${shipping} and withheld income tax ${withheld}`,
    cleared: (what, expected) => `the ${what} of ${expected} that was expected is cleared`,
    withheld: (amount) => `${amount} of income tax (PPh 22) was withheld`,
    variance: (kept, expected, unreported) =>
      `${kept} of fee and shipping was kept, ${expected} was expected${unreported === null ? '' : `, and ${unreported} of what it held is not in its report`}`,
  },
  agreed: (sale, settlement, refund) =>
    `because after refund ${refund} settlement ${settlement} of sale ${sale} agrees with the books`,
  accepted: (sale, settlement, reason, [drafted, approved]) =>
    `because what settlement ${settlement} left of sale ${sale} was accepted (“${reason}”, drafted by ${drafted}, approved by ${approved})`,
  held: {
    order: (order, channel, amount) =>
      `because ${channel} has ${amount} of order ${order}, and nobody can be credited for it yet`,
    refund: (order, channel, amount) =>
      `because ${channel} gave ${amount} of order ${order} back to the buyer before anybody could be credited for it`,
    settlement: (order, channel, amount, settlement) =>
      `because ${channel} settled ${amount} of order ${order} (${settlement}), and nobody can be credited for it yet`,
    'settlement-without-order': (order, channel, amount, settlement) =>
      `because ${channel} settled ${amount} of order ${order} (${settlement}), which is not there`,
  },
  assigned: (order, amount, settlement, reason, [drafted, approved]) =>
    `because ${amount} settled of order ${order} (${settlement}), which is not there, was given to the facility (“${reason}”, drafted by ${drafted}, approved by ${approved})`,
  noLongerHeld: (order) =>
    `because what was held of order ${order} is undone: it is known now whose it is, or the buyer has it back`,
  charged: (channel, amount, given, called, store) =>
    `because ${channel} ${given ? 'gave' : 'took'} ${amount}, which is of no order (“${called}”${store === null ? '' : `, store ${store}`})`,
  ofNoStore: (charged) => `${charged}, and it is not known which facility bears it`,
  assignedCharge: (charged, reason, [drafted, approved]) =>
    `${charged}, and it was given to the facility (“${reason}”, drafted by ${drafted}, approved by ${approved})`,
  noLongerOfNoStore: (called) =>
    `because what was held of “${called}” is undone: it is known now which facility bears it`,
  withdrawn: (channel, amount, wallet, bank, day, id) =>
    `because ${amount} went from wallet ${wallet} of ${channel} to bank ${bank} on ${day} (${id})`,
  ofWallet: (facility, balance, total, part) =>
    `of the ${total} in it ${balance} were those of ${facility}, and so ${part} of that`,
  released: (sale, because) => `because the money of sale ${sale} became available ${because}`,
  bySettlement: (settlement) => `with settlement ${settlement}`,
  byWindow: (instant) => `when its return window ended at ${instant}`,
  notPending: 'it is pending no longer',
  allOfIt: 'all that was pending',
  limit: (rate, released, most) => `${rate} of ${released} is ${most}`,
  recovered: (limits, owed, recovered) =>
    `${limits}, which is the most that is recovered at once; ${owed} was to be given back, so ${recovered} is`,
  made: (released, recovered) => `${released} released, less ${recovered} recovered of what was to be given back`,
  paid: (payout, amount, bank, day, [proposed, reviewed, approved]) =>
    `because payout ${payout} paid ${amount} from bank ${bank} on ${day}, proposed by ${proposed}, reviewed by ${reviewed}, approved by ${approved}`,
  sentBack: (payout, amount, bank, day, reason) =>
    `because bank ${bank} sent back the ${amount} of payout ${payout} on ${day} (${reason}), and it is available again`,
  deposited: (amount, billing, ntpn, day, by) =>
    `because ${amount} of PNBP was deposited with the state on ${day}: billing code ${billing}, receipt (NTPN) ${ntpn}, recorded by ${by}`,
  decided: (what, reason, [drafted, approved]) =>
    `because of ${what}: “${reason}”, drafted by ${drafted}, approved by ${approved}`,
  endOfCustody: (maker) => `the end of ${maker}’s custody`,
  samePerson: (maker, into) => `the finding that ${maker} and ${into} are one person, ${into}`,
  types: { adjustment: 'an adjustment', opening: 'an opening balance', 'write-off': 'a write-off' },
  recorded: (lot, orderId, line, reason, [drafted, approved]) =>
    `because the makers of lot ${lot}, sold by order ${orderId}, line ${line}, were recorded (“${reason}”, drafted by ${drafted}, approved by ${approved})`,
  leftSuspense: (held, reversed) => `${held} was held for them, of which refunds had taken ${reversed}`,
  ofLot: (maker, weight, weights, held, amount) => `${maker}’s ${weight} of ${weights} of ${held} is ${amount}`,
  ofStep: (step, amount) => `of which step “${step}” gives ${amount}`,
  lessRefunds: (reversed) => `less ${reversed} that earlier refunds had taken of it`,
  closed: (month, [requested, approved]) =>
    `because ${month} was closed, asked for by ${requested}, approved by ${approved}`,
  keptMore: (channel, more, amount) => `${channel} had kept ${amount} ${more ? 'more' : 'less'} than was expected`,
  borne: (total, gained) =>
    gained
      ? `channels had kept ${total} less than was expected, which the facility gains`
      : `channels had kept ${total} more than was expected, which the facility bears`,
  belowFloor: (premi, floor, missing, facility) =>
    `premi of ${premi} in that month is ${missing} less than the floor of ${floor} that ${facility} guarantees`,
  allBelowFloor: (makers, floor, missing, facility) =>
    `${facility} guarantees a floor of ${floor}, of which ${makers} ${makers === 1 ? 'maker lacks' : 'makers lack'} ${missing}`,
  throughStep: (step) => `of which this is what step “${step}” takes`,
};

const indonesian: CausePhrases = {
  settled: (settlement, channel, sale) =>
    `karena pencairan ${settlement} membayarkan dana yang ditahan ${channel} untuk penjualan ${sale}`,
  settledBy: {
    paidOut: (held) => `yang ditahan ${held}`,
    part: (settled, held) => `${settled} dari ${held} yang ditahan`,
    reported: (revenue, fee, shipping, withheld) =>
      `${revenue} dilaporkan, dikurangi biaya layanan ${fee}, ongkos kirim ${shipping}, dan pajak dipungut ${withheld}`,
    left: (channel, held) => `${channel} menahan ${held} dan tidak akan membayarnya`,
    difference: (held, expected, back) =>
      `tersisa ${held} dari yang ditahan, sedangkan biaya layanan dan ongkos kirim yang masih ${back ? 'harus dikembalikan' : 'diperkirakan'} ${expected}`,
    toBank: (held, fee, shipping, withheld) =>
      `${held} yang ditahan, dikurangi biaya layanan ${fee}, ongkos kirim ${shipping}, dan pajak dipungut ${withheld}`,
    cleared: (what, expected) =>
      `perkiraan ${what === 'fee' ? 'biaya layanan' : 'ongkos kirim'} ${expected} diselesaikan`,
    withheld: (amount) => `PPh 22 sebesar ${amount} dipungut`,
    variance: (kept, expected, unreported) =>
      `biaya layanan dan ongkos kirim yang dipotong ${kept}, perkiraannya ${expected}${unreported === null ? '' : `, dan ${unreported} dari yang ditahan tidak ada dalam laporannya`}`,
  },
  agreed: (sale, settlement, refund) =>
    `karena setelah pengembalian dana ${refund} pencairan ${settlement} untuk penjualan ${sale} sesuai dengan pembukuan`,
  accepted: (sale, settlement, reason, [drafted, approved]) =>
    `karena sisa penjualan ${sale} setelah pencairan ${settlement} diterima (“${reason}”, disusun oleh ${drafted}, disetujui oleh ${approved})`,
  held: {
    order: (order, channel, amount) =>
      `karena dana pesanan ${order} sebesar ${amount} ada pada ${channel} dan belum dapat dibukukan untuk siapa pun`,
    refund: (order, channel, amount) =>
      `karena ${channel} mengembalikan ${amount} dari pesanan ${order} kepada pembeli sebelum dapat dibukukan untuk siapa pun`,
    settlement: (order, channel, amount, settlement) =>
      `karena ${channel} mencairkan ${amount} dari pesanan ${order} (${settlement}) dan belum dapat dibukukan untuk siapa pun`,
    'settlement-without-order': (order, channel, amount, settlement) =>
      `karena ${channel} mencairkan ${amount} untuk pesanan ${order} (${settlement}) yang belum ada`,
  },
  assigned: (order, amount, settlement, reason, [drafted, approved]) =>
    `karena ${amount} yang dicairkan untuk pesanan ${order} (${settlement}), yang tidak ada, diberikan kepada satuan kerja (“${reason}”, disusun oleh ${drafted}, disetujui oleh ${approved})`,
  noLongerHeld: (order) =>
    `karena dana pesanan ${order} tidak lagi ditahan: pemiliknya sudah diketahui, atau sudah kembali kepada pembeli`,
  charged: (channel, amount, given, called, store) =>
    `karena ${channel} ${given ? 'memberi' : 'memotong'} ${amount} yang bukan milik pesanan mana pun (“${called}”${store === null ? '' : `, toko ${store}`})`,
  ofNoStore: (charged) => `${charged}, dan belum diketahui satuan kerja yang menanggungnya`,
  assignedCharge: (charged, reason, [drafted, approved]) =>
    `${charged}, dan diberikan kepada satuan kerja (“${reason}”, disusun oleh ${drafted}, disetujui oleh ${approved})`,
  noLongerOfNoStore: (called) =>
    `karena “${called}” tidak lagi ditahan: satuan kerja yang menanggungnya sudah diketahui`,
  withdrawn: (channel, amount, wallet, bank, day, id) =>
    `karena ${amount} ditarik dari dompet ${wallet} pada ${channel} ke bank ${bank} pada ${day} (${id})`,
  ofWallet: (facility, balance, total, part) =>
    `dari isinya ${total}, milik ${facility} ${balance}, maka dari penarikan itu ${part}`,
  released: (sale, because) => `karena dana penjualan ${sale} sudah cair ${because}`,
  bySettlement: (settlement) => `dengan pencairan ${settlement}`,
  byWindow: (instant) => `ketika masa pengembalian berakhir pada ${instant}`,
  notPending: 'tidak lagi tertunda',
  allOfIt: 'seluruh dana yang tertunda',
  limit: (rate, released, most) => `${rate} dari ${released} adalah ${most}`,
  recovered: (limits, owed, recovered) =>
    `${limits}, batas pemotongan sekali cair; yang harus dikembalikan ${owed}, maka dipotong ${recovered}`,
  made: (released, recovered) => `${released} cair, dikurangi ${recovered} untuk kewajiban pengembalian`,
  paid: (payout, amount, bank, day, [proposed, reviewed, approved]) =>
    `karena pembayaran ${payout} sebesar ${amount} dari bank ${bank} pada ${day}, diusulkan oleh ${proposed}, diperiksa oleh ${reviewed}, disetujui oleh ${approved}`,
  sentBack: (payout, amount, bank, day, reason) =>
    `karena bank ${bank} mengembalikan ${amount} dari pembayaran ${payout} pada ${day} (${reason}), dan dana tersedia kembali`,
  deposited: (amount, billing, ntpn, day, by) =>
    `karena PNBP ${amount} disetor ke kas negara pada ${day}: kode billing ${billing}, NTPN ${ntpn}, dicatat oleh ${by}`,
  decided: (what, reason, [drafted, approved]) =>
    `karena ${what}: “${reason}”, disusun oleh ${drafted}, disetujui oleh ${approved}`,
  endOfCustody: (maker) => `masa pembinaan ${maker} berakhir`,
  samePerson: (maker, into) => `${maker} dan ${into} ternyata satu orang, yaitu ${into}`,
  types: { adjustment: 'penyesuaian', opening: 'saldo awal', 'write-off': 'penghapusan piutang' },
  recorded: (lot, orderId, line, reason, [drafted, approved]) =>
    `karena pembuat lot ${lot} pada pesanan ${orderId} baris ${line} dicatat (“${reason}”, disusun oleh ${drafted}, disetujui oleh ${approved})`,
  leftSuspense: (held, reversed) => `${held} ditahan untuk mereka, dan ${reversed} sudah diambil pengembalian dana`,
  ofLot: (maker, weight, weights, held, amount) =>
    `${weight} dari ${weights} bagian ${maker} atas ${held} adalah ${amount}`,
  ofStep: (step, amount) => `yang lewat langkah “${step}” adalah ${amount}`,
  lessRefunds: (reversed) => `dikurangi ${reversed} yang sudah diambil pengembalian dana sebelumnya`,
  closed: (month, [requested, approved]) =>
    `karena bulan ${month} ditutup, diminta oleh ${requested}, disetujui oleh ${approved}`,
  keptMore: (channel, more, amount) =>
    `${channel} memotong ${amount} lebih ${more ? 'banyak' : 'sedikit'} daripada perkiraan`,
  borne: (total, gained) =>
    `selisih potongan kanal ${total} ${gained ? 'lebih sedikit daripada perkiraan, menjadi hak' : 'lebih banyak daripada perkiraan, menjadi beban'} satuan kerja`,
  belowFloor: (premi, floor, missing, facility) =>
    `premi ${premi} pada bulan itu kurang ${missing} dari batas bawah ${floor} yang dijamin ${facility}`,
  allBelowFloor: (makers, floor, missing, facility) =>
    `${facility} menjamin batas bawah ${floor}, dan ${makers} pembuat kekurangan ${missing}`,
  throughStep: (step) => `yang ini lewat langkah “${step}”`,
};

export const causePhrases: Record<Language, CausePhrases> = { en: english, id: indonesian };
