import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { isNothing, useScreen } from '../api/screen.ts';
import type { LotSections } from '../api/sections.ts';
import { has, useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { day, moment } from '../kit/day.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { useNames, useTitles } from '../kit/names.ts';
import { PageTable } from '../kit/page-table.tsx';
import { Section } from '../kit/section.tsx';
import { MadeBy } from './made-by.tsx';
import { CountForm, WriteOffForm } from './stock-forms.tsx';

/** One lot: why so many pieces of it are there, line by line, and what was corrected. */
export default function LotScreen({ lotId }: { readonly lotId: string }) {
  const { t } = useLingui();
  const { language, rp, n } = useLanguage();
  const who = useWho();
  const { word } = useGlossary();
  const screen = useScreen<LotSections>('lot', { lot: lotId });
  const sections = screen.data?.sections;
  const title = useTitles(sections?.titles);
  const maker = useNames(sections?.names);
  if (isNothing(sections?.lot)) return <NothingHereScreen />;
  const lot = sections?.lot?.data;
  const goods = title(lot?.sku ?? '');
  const left = n(lot?.available ?? 0);
  const made = n(lot?.quantity ?? 0);
  return (
    <div className={styles.screen}>
      <Heading title={lotId} about={<span className={styles.code}>{lotId}</span>}>
        {lot ? (
          <Trans>
            {goods}: {left} dari {made} masih dapat dijual.
          </Trans>
        ) : (
          lotId
        )}
      </Heading>
      {lot && has(who, 'officer') && (
        <div className={styles.actions}>
          <CountForm lotId={lotId} available={lot.available} />
          <WriteOffForm lotId={lotId} />
          <Button component={Link} href={`/lots/${encodeURIComponent(lotId)}/correction`} variant="default">
            <Trans>Koreksi lot</Trans>
          </Button>
        </div>
      )}
      <Section screen={screen} name="movements" title={<Trans>Mengapa sisanya sekian</Trans>}>
        {({ items, available }) => (
          <PageTable
            caption={<Trans>Yang menambah dan mengurangi stok lot ini</Trans>}
            rows={items.map((item, index) => ({ ...item, index }))}
            rowKey={({ index }) => String(index)}
            columns={[
              { key: 'what', heading: t`Apa`, cell: ({ kind }) => word('movement', kind) },
              { key: 'pieces', heading: t`Berapa buah`, align: 'right', cell: ({ quantity }) => n(quantity) },
              { key: 'at', heading: t`Kapan`, cell: ({ at }) => (at ? moment(at, language) : '') },
              { key: 'by', heading: t`Oleh`, cell: ({ by }) => by ?? '' },
              { key: 'why', heading: t`Alasan`, cell: ({ reason }) => reason ?? '' },
            ]}
            foot={
              <tr role="row">
                <th scope="row" role="rowheader">
                  <Trans>Masih dapat dijual</Trans>
                </th>
                <td role="cell" className={`${styles.right} figures`}>
                  {n(available)}
                </td>
                <td role="cell" colSpan={3} />
              </tr>
            }
          />
        )}
      </Section>
      <Section screen={screen} name="versions" title={<Trans>Yang tercatat</Trans>}>
        {({ items }) => (
          <PageTable
            caption={<Trans>Versi lot; penjualan menyebut versi yang dijualnya</Trans>}
            rows={items}
            rowKey={({ version }) => String(version)}
            columns={[
              { key: 'version', heading: t`Versi`, cell: ({ version }) => n(version) },
              { key: 'pieces', heading: t`Berapa buah`, align: 'right', cell: ({ quantity }) => n(quantity) },
              {
                key: 'cost',
                heading: t`Biaya produksi sebuah`,
                align: 'right',
                cell: ({ unitCost }) => rp(unitCost),
              },
              { key: 'day', heading: t`Dibuat`, cell: ({ madeOn }) => day(madeOn, language) },
              { key: 'makers', heading: t`Pembuat`, cell: (version) => <MadeBy lot={version} maker={maker} /> },
              {
                key: 'ended',
                heading: t`Dikoreksi`,
                cell: ({ endedAt, endedBy, endedBecause }) =>
                  endedAt && [moment(endedAt, language), endedBy, endedBecause].filter(Boolean).join(' · '),
              },
            ]}
          />
        )}
      </Section>
    </div>
  );
}
