import { useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Sale } from '../api/answers.ts';
import { useLanguage } from '../frame/language.tsx';
import { moment } from '../kit/day.ts';
import { State } from '../kit/glossary.tsx';
import { orderAddress } from '../kit/links.ts';
import { useFacilityNames } from '../kit/names.ts';
import { PageTable } from '../kit/page-table.tsx';

interface SalesTableOf {
  readonly sales: readonly Sale[];
  readonly title: (sku: string) => string;
  readonly caption: ReactNode;
  readonly withFacility?: boolean;
  readonly file?: string;
}

export function SalesTable({ sales, title, caption, withFacility, file }: SalesTableOf) {
  const { t } = useLingui();
  const { language, rp } = useLanguage();
  const facility = useFacilityNames();
  return (
    <PageTable
      caption={caption}
      {...(file && { file })}
      rows={sales}
      rowKey={({ saleId }) => saleId}
      columns={[
        {
          key: 'order',
          heading: t`Pesanan`,
          cell: ({ orderId }) => <Link href={orderAddress(orderId)}>{orderId}</Link>,
        },
        { key: 'at', heading: t`Waktu`, cell: ({ placedAt }) => moment(placedAt, language) },
        ...(withFacility
          ? [{ key: 'facility', heading: t`Satuan kerja`, cell: ({ facilityId }: Sale) => facility(facilityId) }]
          : []),
        {
          key: 'goods',
          heading: t`Barang`,
          cell: ({ lines }) => lines.map(({ sku, quantity }) => `${quantity} × ${title(sku)}`).join(', '),
        },
        {
          key: 'status',
          heading: t`Keadaan`,
          cell: ({ status, disputed }) =>
            disputed ? <State topic="standing" of="disputed" /> : <State topic="sale" of={status} />,
        },
        { key: 'price', heading: t`Harga`, align: 'right', cell: ({ price }) => rp(price) },
        {
          key: 'refunded',
          heading: t`Dikembalikan`,
          align: 'right',
          cell: ({ refunded }) => (refunded ? rp(refunded) : ''),
        },
      ]}
    />
  );
}
