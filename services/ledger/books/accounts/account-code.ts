/** Codes of the accounts that a sale credits; owner and purpose as in the chart of accounts. */
export const accountCode = {
  fees: (channel: string, facilityId: string) => `channel:${channel}:fees@${facilityId}`,
  shipping: (channel: string, facilityId: string) => `channel:${channel}:shipping@${facilityId}`,
  tax: (facilityId: string) => `tax:vat-output@${facilityId}`,
  costRecovery: (facilityId: string) => `facility:${facilityId}:cost-recovery`,
  facility: (facilityId: string) => `facility:${facilityId}:earnings-pending`,
  state: (facilityId: string) => `state:pnbp@${facilityId}`,
  /** @param beneficiary `beneficiary:{id}` */
  beneficiary: (beneficiary: string, facilityId: string) => `${beneficiary}:payable@${facilityId}`,
  suspense: (facilityId: string) => `suspense@${facilityId}`,
  wages: (makerId: string) => `maker:${makerId}:wages-pending`,
  savings: (makerId: string) => `maker:${makerId}:savings`,
};

/**
 * The account that an agreement's destination stands for; of `makers` none, as each has his or her own.
 * @param makerId whose own steps these are; at the sale's level nobody's
 */
export function accountOf(destination: string, facilityId: string, makerId?: string): string | undefined {
  if (destination === 'facility') return accountCode.facility(facilityId);
  if (destination === 'state') return accountCode.state(facilityId);
  if (destination.startsWith('beneficiary:')) return accountCode.beneficiary(destination, facilityId);
  if (makerId === undefined) return undefined;
  return destination === 'savings' ? accountCode.savings(makerId) : accountCode.wages(makerId);
}
