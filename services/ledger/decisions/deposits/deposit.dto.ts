import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { BankId, FacilityId, fault, oneOf, PastInstant, PositiveMoney, patterned, StoredText } from '#libs/contracts';
import { Actions, type ActionView } from '#libs/decisions';
import { PageQuery, Parameter, Value } from '#libs/http';
import type { Deposit } from './deposit.ts';

const BillingCode = patterned(
  { pattern: '^\\d{15}$', lengthMax: 15, description: 'kode billing: 15 digits' },
  fault('not-a-billing-code', 'must be 15 digits, such as 820260105123456', 'harus 15 angka, misalnya 820260105123456'),
);
const Ntpn = patterned(
  { pattern: '^[0-9A-Z]{16}$', lengthMax: 16, description: 'nomor transaksi penerimaan negara: 16 characters' },
  fault(
    'not-an-ntpn',
    'must be 16 capital letters and digits, such as 0A1B2C3D4E5F6G7H',
    'harus 16 huruf kapital dan angka, misalnya 0A1B2C3D4E5F6G7H',
  ),
);

export class DepositQuery extends PageQuery {
  @Parameter(StoredText, { optional: true })
  readonly facilityId?: string;

  @Parameter(oneOf(['billed', 'deposited']), { optional: true, description: 'billed: not paid yet' })
  readonly status?: 'billed' | 'deposited';
}

export class DepositDto {
  @Value(FacilityId, { example: 'F001' })
  readonly facilityId!: string;

  @Value(BankId, { example: 'bri' })
  readonly bank!: string;

  @Value(PositiveMoney)
  readonly amount!: number;

  @Value(BillingCode, { example: '820260105123456' })
  readonly billingCode!: string;
}

export class DepositReceiptDto {
  @Value(Ntpn, { example: '0A1B2C3D4E5F6G7H' })
  readonly ntpn!: string;

  @Value(PastInstant)
  readonly depositedAt!: string;
}

export class DepositView implements Deposit {
  @ApiProperty({ format: 'uuid' })
  readonly depositId!: string;
  @ApiProperty()
  readonly facilityId!: string;
  @ApiProperty()
  readonly bank!: string;
  @ApiProperty({ type: 'integer' })
  readonly amount!: number;
  @ApiProperty()
  readonly billingCode!: string;
  @ApiProperty()
  readonly createdBy!: string;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: Date;
  @ApiProperty({ type: 'string', nullable: true, description: 'null: not paid yet' })
  readonly ntpn!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  readonly depositedAt!: Date | null;
  @ApiProperty({ type: 'string', nullable: true })
  readonly confirmedBy!: string | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true })
  readonly journalId!: string | null;

  /** Added to every answer by actions.interceptor.ts. */
  @Actions()
  readonly actions?: ActionView[];
}

export class DepositPage {
  @ApiProperty({ type: [DepositView] })
  readonly items!: DepositView[];
  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
