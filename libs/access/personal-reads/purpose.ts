/** What names may be read for; a read without one of these is refused. */
export const PURPOSES = {
  production: { en: 'who works on what', id: 'siapa mengerjakan apa' },
  payout: { en: 'paying wages and savings', id: 'pembayaran premi dan tabungan' },
  statement: { en: 'handing a maker the statement', id: 'penyerahan rekening kepada warga binaan' },
  release: { en: 'release or transfer', id: 'pembebasan atau pemindahan' },
  correction: { en: 'mending what is recorded', id: 'perbaikan catatan' },
  request: { en: 'a maker asks about his or her own data', id: 'permintaan subjek data' },
  incident: { en: 'a breach of data, or an inquiry', id: 'insiden data atau pemeriksaan' },
} as const;

export type Purpose = keyof typeof PURPOSES;

export const purposes = Object.keys(PURPOSES) as Purpose[];
