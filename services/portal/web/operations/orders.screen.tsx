import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link, useLocation, useSearch } from 'wouter';
import { listAddress } from '../api/api.ts';
import { useScreen } from '../api/screen.ts';
import type { OrdersSections } from '../api/sections.ts';
import { useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { moment } from '../kit/day.ts';
import { addressOf, readCursor, readFilters, withFilter } from '../kit/filters.ts';
import { State, useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { orderAddress } from '../kit/links.ts';
import { Pages, PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter, WrittenPhrase } from '../kit/sentence-filter.tsx';

const NAMES = ['status', 'reason'] as const;

/** What a marketplace has sent, and what became of it. */
export default function OrdersScreen() {
  const { t } = useLingui();
  const { language, rp } = useLanguage();
  const { choices, word } = useGlossary();
  const [, navigate] = useLocation();
  const search = useSearch();
  const filters = readFilters(search, NAMES);
  const channel = useWho().grants.find(({ kind }) => kind === 'channel')?.id ?? undefined;
  const shownBy = { ...filters, channel };
  const screen = useScreen<OrdersSections>('orders', { ...shownBy, cursor: readCursor(search) });
  const found = screen.data?.sections.orders?.data;
  const set = (name: (typeof NAMES)[number], value: string | undefined) =>
    navigate(addressOf('/orders', NAMES, withFilter(filters, name, value)));
  return (
    <div className={styles.screen}>
      <Heading title={t`Pesanan`}>
        {!found ? (
          <Trans>Pesanan</Trans>
        ) : found.items.length === 0 ? (
          <Trans>Tidak ada pesanan yang demikian.</Trans>
        ) : found.nextCursor ? (
          <Trans>
            Lebih dari <Plural value={found.items.length} other="# pesanan" /> sudah sampai.
          </Trans>
        ) : (
          <Trans>
            <Plural value={found.items.length} other="# pesanan" /> sudah sampai.
          </Trans>
        )}
      </Heading>
      <SentenceFilter label={t`Pesanan mana`}>
        <Trans>
          Pesanan{' '}
          <Phrase
            label={t`Keadaan`}
            unset={t`dalam keadaan apa pun`}
            value={filters.status}
            choices={choices('order')}
            onChange={(value) => set('status', value)}
          />
          ,{' '}
          <Phrase
            label={t`Sebab`}
            unset={t`apa pun sebabnya`}
            value={filters.reason}
            choices={choices('orderReason')}
            onChange={(value) => set('reason', value)}
          />
          ; buka yang beracuan{' '}
          <WrittenPhrase
            label={t`Acuan pesanan`}
            unset={t`acuan pesanan`}
            value={undefined}
            onChange={(reference) => channel && reference && navigate(orderAddress(`${channel}/${reference}`))}
          />
        </Trans>
      </SentenceFilter>
      <Section screen={screen} name="orders">
        {({ items, nextCursor }) => (
          <>
            {items.length === 0 ? (
              <Empty>
                <Trans>Pesanan muncul di sini begitu dikirim. Yang isinya keliru ada di Ditolak.</Trans>
              </Empty>
            ) : (
              <PageTable
                file={listAddress('orders', shownBy)}
                caption={<Trans>Pesanan, menurut acuannya</Trans>}
                rows={items}
                rowKey={({ orderId }) => orderId}
                columns={[
                  {
                    key: 'order',
                    heading: t`Pesanan`,
                    cell: ({ orderId }) => <Link href={orderAddress(orderId)}>{orderId}</Link>,
                  },
                  {
                    key: 'at',
                    heading: t`Waktu`,
                    cell: ({ placedAt }) => (placedAt ? moment(placedAt, language) : ''),
                  },
                  { key: 'status', heading: t`Keadaan`, cell: ({ status }) => <State topic="order" of={status} /> },
                  {
                    key: 'reason',
                    heading: t`Sebab`,
                    cell: ({ reason, detail }) =>
                      [reason && word('orderReason', reason), detail].filter(Boolean).join(': '),
                  },
                  {
                    key: 'amount',
                    heading: t`Jumlah`,
                    align: 'right',
                    cell: ({ amount }) => (amount === undefined ? '' : rp(amount)),
                  },
                ]}
              />
            )}
            <Pages next={nextCursor ? addressOf('/orders', NAMES, filters, nextCursor) : undefined} />
          </>
        )}
      </Section>
    </div>
  );
}
