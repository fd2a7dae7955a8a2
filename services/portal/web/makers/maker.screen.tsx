import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link, useLocation, useSearch } from 'wouter';
import { exportAddress, listAddress } from '../api/api.ts';
import { isNothing, useScreen } from '../api/screen.ts';
import type { MakerSections } from '../api/sections.ts';
import { statusOf } from '../decisions/status.ts';
import { useLanguage } from '../frame/language.tsx';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { day, dayOf, monthAfter, monthName, thisMonth } from '../kit/day.ts';
import { Figure, Figures } from '../kit/figure.tsx';
import { addressOf, readFilters } from '../kit/filters.ts';
import { State, useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { entryAddress } from '../kit/links.ts';
import { useFacilityNames, useNames } from '../kit/names.ts';
import { NamesAway } from '../kit/names-away.tsx';
import { PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter } from '../kit/sentence-filter.tsx';
import { Status } from '../kit/status.tsx';
import { ProposeEvent } from './propose-event.tsx';

const MONTHS_BACK = 24;

/** One maker: what is his, where it came from, and who pays it. */
export default function MakerScreen({ makerId }: { readonly makerId: string }) {
  const { t } = useLingui();
  const { language, rp, words } = useLanguage();
  const { word } = useGlossary();
  const [, navigate] = useLocation();
  const month = readFilters(useSearch(), ['month']).month ?? thisMonth();
  const screen = useScreen<MakerSections>('maker', { maker: makerId, month });
  const sections = screen.data?.sections;
  const name = useNames(sections?.names)(makerId);
  const facility = useFacilityNames();
  const balances = sections?.balances?.data;
  const pending = rp(balances?.pending ?? 0);
  const available = rp(balances?.available ?? 0);
  const months = Array.from({ length: MONTHS_BACK }, (_, index) => monthAfter(thisMonth(), -index));
  if (isNothing(sections?.balances) && isNothing(sections?.standing)) return <NothingHereScreen />;
  return (
    <div className={styles.screen}>
      <Heading title={makerId}>
        {balances ? (
          <Trans>
            {name}: {pending} belum cair, {available} sudah cair.
          </Trans>
        ) : (
          name
        )}
      </Heading>
      <NamesAway names={sections?.names} />
      <Section screen={screen} name="balances" bare>
        {(found) => (
          <Figures>
            <Figure
              label={t`Belum cair`}
              value={rp(found.pending)}
              tone="makers"
              to={addressOf('/ledger', ['account'], { account: `maker:${makerId}:wages-pending` })}
            />
            <Figure
              label={t`Sudah cair`}
              value={rp(found.available)}
              tone="makers"
              to={addressOf('/ledger', ['account'], { account: `maker:${makerId}:wages` })}
            />
            <Figure label={t`Dicadangkan`} value={rp(found.reserved)} tone="makers" />
            <Figure
              label={t`Tabungan`}
              value={rp(found.savings)}
              tone="makers"
              to={addressOf('/ledger', ['account'], { account: `maker:${makerId}:savings` })}
            />
            <Figure
              label={t`Harus dikembalikan`}
              value={rp(found.receivable)}
              to={addressOf('/ledger', ['account'], { account: `maker:${makerId}:receivable` })}
            />
          </Figures>
        )}
      </Section>
      <Section screen={screen} name="standing" title={<Trans>Keadaan</Trans>}>
        {({ frozen, paidBy, payee, mergedInto }) => (
          <p className={styles.actions} style={{ margin: 0 }}>
            {frozen ? (
              <Status mood="bad">{t`dibekukan: tidak ada yang dibayarkan`}</Status>
            ) : (
              <Status mood="good">{t`dapat dibayar`}</Status>
            )}
            {paidBy && <span>{t`dibayar oleh ${facility(paidBy)}`}</span>}
            {payee && <span>{t`dibayarkan kepada ${payee}`}</span>}
            {mergedInto && (
              <Link href={`/makers/${encodeURIComponent(mergedInto)}`}>{t`digabung ke ${mergedInto}`}</Link>
            )}
          </p>
        )}
      </Section>
      <ProposeEvent makerId={makerId} />
      <Section screen={screen} name="events" bare>
        {({ items }) =>
          items.length > 0 && (
            <PageTable
              caption={<Trans>Yang terjadi padanya, dan apakah sudah disetujui</Trans>}
              rows={items}
              rowKey={({ eventId }) => eventId}
              columns={[
                {
                  key: 'day',
                  heading: t`Tanggal`,
                  cell: ({ eventId, occurredAt }) => (
                    <Link href={`/maker-events/${eventId}`}>{day(dayOf(occurredAt), language)}</Link>
                  ),
                },
                { key: 'type', heading: t`Peristiwa`, cell: ({ type }) => word('event', type) },
                { key: 'reason', heading: t`Alasan`, cell: ({ reason }) => reason },
                {
                  key: 'status',
                  heading: t`Keadaan`,
                  cell: (event) => <State topic="decision" of={statusOf(event)} />,
                },
              ]}
            />
          )
        }
      </Section>
      <Section screen={screen} name="obligations" bare>
        {({ items }) =>
          items.length > 0 && (
            <PageTable
              caption={<Trans>Yang wajib dibayarnya dari bagiannya</Trans>}
              rows={items}
              rowKey={({ beneficiary }) => beneficiary}
              columns={[
                { key: 'to', heading: t`Kepada penerima`, cell: ({ beneficiary }) => beneficiary },
                { key: 'imposed', heading: t`Dikenakan`, align: 'right', cell: ({ imposed }) => rp(imposed) },
                { key: 'paid', heading: t`Sudah dibayar`, align: 'right', cell: ({ paid }) => rp(paid) },
                { key: 'owed', heading: t`Sisa kewajiban`, align: 'right', cell: ({ owed }) => rp(owed) },
              ]}
            />
          )
        }
      </Section>
      <SentenceFilter label={t`Bulan`}>
        <Trans>
          Yang terjadi pada bulan{' '}
          <Phrase
            label={t`Bulan`}
            value={month}
            choices={months.map((value) => ({ value, label: monthName(value, language) }))}
            onChange={(value) =>
              navigate(addressOf(`/makers/${encodeURIComponent(makerId)}`, ['month'], value ? { month: value } : {}))
            }
          />
        </Trans>
      </SentenceFilter>
      <Section screen={screen} name="story">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              <Trans>Tidak ada yang terjual atau dibayar pada bulan ini.</Trans>
            </Empty>
          ) : (
            <PageTable
              file={listAddress('story', { maker: makerId, month })}
              caption={<Trans>Dari mana uangnya, dalam kata-kata yang dibaca pembuatnya</Trans>}
              rows={items}
              rowKey={({ account, version }) => `${account} ${version}`}
              columns={[
                {
                  key: 'day',
                  heading: t`Tanggal`,
                  cell: ({ postedOn, account, version }) => (
                    <Link href={entryAddress(`maker:${makerId}:${account}`, version)}>{day(postedOn, language)}</Link>
                  ),
                },
                { key: 'kind', heading: t`Jenis`, cell: ({ kind }) => word('kind', kind) },
                { key: 'why', heading: t`Mengapa`, cell: ({ plain }) => words(plain) },
                { key: 'amount', heading: t`Jumlah`, align: 'right', cell: ({ amount }) => rp(amount) },
              ]}
            />
          )
        }
      </Section>
      <div className={styles.buttons}>
        <Button
          component="a"
          variant="default"
          href={exportAddress('ledger', `makers/${encodeURIComponent(makerId)}/statement`, { format: 'pdf' })}
          download
        >
          <Trans>Rekening koran (PDF)</Trans>
        </Button>
      </div>
    </div>
  );
}
