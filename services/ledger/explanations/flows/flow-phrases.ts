import type { Language } from '../entries/phrases.ts';

interface FlowPhrases {
  readonly price: string;
  readonly refund: string;
  lot(lotId: string): string;
  ofLot(lotId: string, quantity: number, amount: string): string;
  readonly basis: string;
  step(id: string): string;
  takesRest(id: string, amount: string): string;
  readonly makers: string;
  together(amount: string): string;
  premi(makerId: string): string;
  premiIs(makerId: string, amount: string): string;
}

/** What the places are called that money passes. Accounts and computations have their own words (phrases.ts). */
export const flowPhrases: Record<Language, FlowPhrases> = {
  en: {
    price: 'Price',
    refund: 'Given back',
    lot: (lotId) => `Lot ${lotId}`,
    ofLot: (lotId, quantity, amount) => `${quantity} of lot ${lotId} were sold for ${amount}`,
    basis: 'Amount to share',
    step: (id) => `Step “${id}”`,
    takesRest: (id, amount) => `step “${id}” takes what is left: ${amount}`,
    makers: 'Makers together',
    together: (amount) => `the makers of the lot get ${amount} together`,
    premi: (makerId) => `Premi of ${makerId}`,
    premiIs: (makerId, amount) => `the premi of ${makerId} is ${amount}, before ${makerId}’s own steps`,
  },
  id: {
    price: 'Harga',
    refund: 'Dikembalikan',
    lot: (lotId) => `Lot ${lotId}`,
    ofLot: (lotId, quantity, amount) => `${quantity} dari lot ${lotId} terjual seharga ${amount}`,
    basis: 'Dasar pembagian',
    step: (id) => `Langkah “${id}”`,
    takesRest: (id, amount) => `langkah “${id}” mengambil sisanya: ${amount}`,
    makers: 'Para pembuat bersama',
    together: (amount) => `para pembuat lot ini bersama mendapat ${amount}`,
    premi: (makerId) => `Premi ${makerId}`,
    premiIs: (makerId, amount) => `premi ${makerId} adalah ${amount}, sebelum langkah milik ${makerId} sendiri`,
  },
};
