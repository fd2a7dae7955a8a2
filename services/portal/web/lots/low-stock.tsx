import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { Screen } from '../api/screen.ts';
import type { LotsSections } from '../api/sections.ts';
import { has, useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { Field } from '../kit/field.tsx';
import { PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { wholeOf } from '../kit/written.ts';

/** Of what there are few, and below how many that is so. */
export function LowStock({
  screen,
  title,
}: {
  readonly screen: Screen<LotsSections>;
  readonly title: (sku: string) => string;
}) {
  const { t } = useLingui();
  const { n } = useLanguage();
  const who = useWho();
  const products = screen.data?.sections.titles?.data?.items ?? [];
  const [chosen, setChosen] = useState('');
  const product = products.find(({ sku }) => sku === chosen) ?? products[0];
  const [written, setWritten] = useState<string>();
  const lowStock = written ?? String(product?.lowStock ?? 0);
  return (
    <Section screen={screen} name="low" title={<Trans>Stok menipis</Trans>}>
      {({ items }) => (
        <>
          {items.length === 0 ? (
            <Empty>
              <Trans>Tidak ada barang yang sisanya kurang dari batasnya.</Trans>
            </Empty>
          ) : (
            <PageTable
              caption={<Trans>Barang yang sisanya kurang dari batasnya</Trans>}
              rows={items}
              rowKey={({ sku }) => sku}
              columns={[
                { key: 'goods', heading: t`Barang`, cell: ({ sku }) => title(sku) },
                { key: 'left', heading: t`Sisa`, align: 'right', cell: ({ available }) => n(available) },
                { key: 'limit', heading: t`Batas`, align: 'right', cell: (each) => n(each.lowStock) },
              ]}
            />
          )}
          {has(who, 'officer') && product && (
            <Consequence
              verb={t`Atur batas`}
              title={t`Sejak kapan stok menipis?`}
              quiet
              deed={() => ({
                service: 'catalogue',
                path: `products/${encodeURIComponent(product.sku)}/low-stock`,
                body: { lowStock: wholeOf(lowStock) },
              })}
              onDone={() => setWritten(undefined)}
              form={
                <>
                  <Field
                    label={t`Produk`}
                    value={product.sku}
                    choices={products.map(({ sku }) => ({ value: sku, label: title(sku) }))}
                    onChange={(sku) => {
                      setChosen(sku);
                      setWritten(undefined);
                    }}
                  />
                  <Field
                    label={t`Menipis bila kurang dari`}
                    inputMode="numeric"
                    required
                    value={lowStock}
                    onChange={setWritten}
                  />
                </>
              }
            >
              <Trans>Barang itu tampil di sini selama sisanya kurang dari batas. 0 berarti tidak diawasi.</Trans>
            </Consequence>
          )}
        </>
      )}
    </Section>
  );
}
