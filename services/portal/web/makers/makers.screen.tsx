import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link, useLocation, useSearch } from 'wouter';
import { useScreen } from '../api/screen.ts';
import type { MakersSections } from '../api/sections.ts';
import { useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { monthAfter, monthName, thisMonth } from '../kit/day.ts';
import { useFacilityChoice } from '../kit/facility-choice.ts';
import { addressOf, readCursor, readFilters, withFilter } from '../kit/filters.ts';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { facilityChoices, useFacilityNames, useNames } from '../kit/names.ts';
import { NamesAway } from '../kit/names-away.tsx';
import { Pages, PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter } from '../kit/sentence-filter.tsx';

const NAMES = ['facility', 'month'] as const;
const MONTHS_BACK = 24;

/** Who makes things here, and what is theirs. */
export default function MakersScreen() {
  const { t } = useLingui();
  const { language, rp } = useLanguage();
  const { facilities } = useWho();
  const [, navigate] = useLocation();
  const search = useSearch();
  const filters = readFilters(search, NAMES);
  const facilityId = useFacilityChoice(filters.facility);
  const month = filters.month ?? thisMonth();
  const cursor = readCursor(search);
  const screen = useScreen<MakersSections>('makers', { facility: facilityId, month, cursor });
  const sections = screen.data?.sections;
  const maker = useNames(sections?.names);
  const facility = useFacilityNames();
  const place = facilityId ? facility(facilityId) : '';
  const set = (name: (typeof NAMES)[number], value: string | undefined) =>
    navigate(addressOf('/makers', NAMES, withFilter(filters, name, value)));
  const totals = sections?.totals?.data;
  const earned = new Map(totals?.items.map((item) => [item.key, item.makers]));
  const positions = new Map(sections?.positions?.data?.items.map((item) => [item.key, item.makers]));
  const all = sections?.makers?.data;
  const isPart = cursor !== undefined || Boolean(all?.nextCursor);
  const premi = rp(totals?.totals.makers ?? 0);
  const name = monthName(month, language);
  const months = Array.from({ length: MONTHS_BACK }, (_, index) => monthAfter(thisMonth(), -index));
  return (
    <div className={styles.screen}>
      <Heading title={t`Pembuat`}>
        {!all || !totals ? (
          <Trans>Pembuat</Trans>
        ) : isPart ? (
          <Trans>
            {place}: premi {name} {premi}.
          </Trans>
        ) : (
          <Trans>
            {place}: <Plural value={all.items.length} other="# pembuat" />; premi {name} {premi}.
          </Trans>
        )}
      </Heading>
      <NamesAway names={sections?.names} />
      <SentenceFilter label={t`Pembuat mana`}>
        <Trans>
          Pembuat{' '}
          <Phrase
            label={t`Satuan kerja`}
            value={facilityId}
            choices={facilityChoices(facilities)}
            onChange={(value) => set('facility', value)}
          />{' '}
          pada bulan{' '}
          <Phrase
            label={t`Bulan`}
            value={month}
            choices={months.map((value) => ({ value, label: monthName(value, language) }))}
            onChange={(value) => set('month', value)}
          />
        </Trans>
      </SentenceFilter>
      <Section screen={screen} name="makers">
        {({ items, nextCursor }) => (
          <>
            {items.length === 0 ? (
              <Empty>
                <Trans>Belum ada pembuat. Administrator memasukkannya dari berkas.</Trans>
              </Empty>
            ) : (
              <PageTable
                caption={<Trans>Pembuat, premi {name}, dan saldonya sekarang</Trans>}
                rows={items}
                rowKey={({ makerId }) => makerId}
                columns={[
                  {
                    key: 'maker',
                    heading: t`Pembuat`,
                    cell: ({ makerId }) => (
                      <Link href={`/makers/${encodeURIComponent(makerId)}`}>{maker(makerId)}</Link>
                    ),
                  },
                  {
                    key: 'month',
                    heading: name,
                    align: 'right',
                    cell: ({ makerId }) => written(totals ? (earned.get(makerId) ?? 0) : undefined),
                  },
                  {
                    key: 'pending',
                    heading: t`Belum cair`,
                    align: 'right',
                    cell: ({ makerId }) => written(of(makerId)?.pending),
                  },
                  {
                    key: 'available',
                    heading: t`Sudah cair`,
                    align: 'right',
                    cell: ({ makerId }) => written(of(makerId)?.available),
                  },
                  {
                    key: 'receivable',
                    heading: t`Kembali`,
                    align: 'right',
                    cell: ({ makerId }) => written(of(makerId)?.receivable || undefined),
                  },
                ]}
              />
            )}
            <Pages next={nextCursor ? addressOf('/makers', NAMES, filters, nextCursor) : undefined} />
          </>
        )}
      </Section>
    </div>
  );

  function of(makerId: string) {
    return positions.get(makerId);
  }

  function written(amount: number | undefined): string {
    return amount === undefined ? '' : rp(amount);
  }
}
