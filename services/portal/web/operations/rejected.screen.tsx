import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useLocation, useSearch } from 'wouter';
import { listAddress } from '../api/api.ts';
import { useScreen } from '../api/screen.ts';
import type { RejectedSections } from '../api/sections.ts';
import { useLanguage } from '../frame/language.tsx';
import { moment } from '../kit/day.ts';
import { addressOf, readCursor, readFilters, withFilter } from '../kit/filters.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { Pages, PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { SentenceFilter, WrittenPhrase } from '../kit/sentence-filter.tsx';

const NAMES = ['channel'] as const;

/** What marketplaces sent and could not be taken, and which field is at fault. */
export default function RejectedScreen() {
  const { t } = useLingui();
  const { language } = useLanguage();
  const { word } = useGlossary();
  const [, navigate] = useLocation();
  const search = useSearch();
  const filters = readFilters(search, NAMES);
  const screen = useScreen<RejectedSections>('rejected', { ...filters, cursor: readCursor(search) });
  const found = screen.data?.sections.rejected?.data;
  return (
    <div className={styles.screen}>
      <Heading title={t`Ditolak`}>
        {!found ? (
          <Trans>Yang ditolak</Trans>
        ) : found.items.length === 0 ? (
          <Trans>Tidak ada kiriman yang ditolak.</Trans>
        ) : found.nextCursor ? (
          <Trans>
            Lebih dari <Plural value={found.items.length} other="# kiriman" /> ditolak.
          </Trans>
        ) : (
          <Trans>
            <Plural value={found.items.length} other="# kiriman" /> ditolak.
          </Trans>
        )}
      </Heading>
      <SentenceFilter label={t`Kiriman mana`}>
        <Trans>
          Kiriman dari{' '}
          <WrittenPhrase
            label={t`Kanal`}
            unset={t`semua kanal`}
            value={filters.channel}
            onChange={(value) => navigate(addressOf('/rejected', NAMES, withFilter(filters, 'channel', value)))}
          />
        </Trans>
      </SentenceFilter>
      <Section screen={screen} name="rejected">
        {({ items, nextCursor }) => (
          <>
            {items.length === 0 ? (
              <Empty>
                <Trans>Kiriman yang isinya keliru muncul di sini, dengan kolom yang salah.</Trans>
              </Empty>
            ) : (
              <PageTable
                file={listAddress('rejected', filters)}
                caption={<Trans>Kiriman yang ditolak, terbaru dahulu</Trans>}
                rows={items}
                rowKey={({ rejectionId }) => rejectionId}
                columns={[
                  {
                    key: 'order',
                    heading: t`Pesanan`,
                    cell: ({ orderId }) => <span className={styles.code}>{orderId}</span>,
                  },
                  { key: 'at', heading: t`Waktu`, cell: ({ receivedAt }) => moment(receivedAt, language) },
                  { key: 'channel', heading: t`Kanal`, cell: ({ channel }) => channel },
                  { key: 'reason', heading: t`Sebab`, cell: ({ reason }) => word('rejection', reason) },
                  {
                    key: 'detail',
                    heading: t`Kolom yang salah`,
                    cell: ({ detail }) => <span className={styles.code}>{detail}</span>,
                  },
                  {
                    key: 'content',
                    heading: t`Isi`,
                    cell: ({ content }) => (
                      <details className={styles.twin}>
                        <summary>{t`Lihat`}</summary>
                        <pre className={styles.content}>{JSON.stringify(content, null, 2)}</pre>
                      </details>
                    ),
                  },
                ]}
              />
            )}
            <Pages next={nextCursor ? addressOf('/rejected', NAMES, filters, nextCursor) : undefined} />
          </>
        )}
      </Section>
    </div>
  );
}
