import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link, useLocation, useSearch } from 'wouter';
import type { Lot, Page } from '../api/answers.ts';
import { listAddress } from '../api/api.ts';
import { useScreen } from '../api/screen.ts';
import type { LotsSections } from '../api/sections.ts';
import { has, useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { day } from '../kit/day.ts';
import { useFacilityChoice } from '../kit/facility-choice.ts';
import { addressOf, readCursor, readFilters, withFilter } from '../kit/filters.ts';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { facilityChoices, useFacilityNames, useNames, useTitles } from '../kit/names.ts';
import { Pages, PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter } from '../kit/sentence-filter.tsx';
import { Status } from '../kit/status.tsx';
import { LowStock } from './low-stock.tsx';
import { MadeBy } from './made-by.tsx';

const NAMES = ['facility', 'sku', 'recorded', 'available'] as const;

/** What was made, by whom, and what is left of it. */
export default function LotsScreen() {
  const { t } = useLingui();
  const { language, rp, n } = useLanguage();
  const who = useWho();
  const [, navigate] = useLocation();
  const search = useSearch();
  const filters = readFilters(search, NAMES);
  const facilityId = useFacilityChoice(filters.facility);
  const shownBy = { ...filters, facility: facilityId };
  const screen = useScreen<LotsSections>('lots', { ...shownBy, cursor: readCursor(search) });
  const sections = screen.data?.sections;
  const title = useTitles(sections?.titles);
  const maker = useNames(sections?.names);
  const facility = useFacilityNames();
  const place = facilityId ? facility(facilityId) : '';
  const shown = sections?.lots?.data;
  const unrecorded = sections?.unrecorded?.data;
  const set = (name: (typeof NAMES)[number], value: string | undefined) =>
    navigate(addressOf('/lots', NAMES, withFilter(filters, name, value)));
  const page = (to: string | null | undefined) => (to ? addressOf('/lots', NAMES, filters, to) : undefined);
  return (
    <div className={styles.screen}>
      <Heading
        title={t`Lot`}
        about={unrecorded && unrecorded.items.length > 0 && <Unrecorded {...unrecorded} facilityId={facilityId} />}
      >
        {!shown ? (
          <Trans>Lot</Trans>
        ) : shown.items.length === 0 ? (
          <Trans>{place}: tidak ada lot yang demikian.</Trans>
        ) : shown.nextCursor ? (
          <Trans>
            {place}: lebih dari <Plural value={shown.items.length} other="# lot" />.
          </Trans>
        ) : (
          <Trans>
            {place}: <Plural value={shown.items.length} other="# lot" />.
          </Trans>
        )}
      </Heading>
      {has(who, 'officer', 'administrator') && (
        <p className={styles.actions} style={{ margin: 0 }}>
          {has(who, 'officer') && (
            <Button component={Link} href="/lots/new">
              <Trans>Catat lot</Trans>
            </Button>
          )}
          <Button component={Link} href="/lots/import" variant="default">
            <Trans>Impor CSV atau XLSX</Trans>
          </Button>
        </p>
      )}
      <SentenceFilter label={t`Lot mana`}>
        <Trans>
          Lot{' '}
          <Phrase
            label={t`Satuan kerja`}
            value={facilityId}
            choices={facilityChoices(who.facilities)}
            onChange={(value) => set('facility', value)}
          />{' '}
          dari{' '}
          <Phrase
            label={t`Produk`}
            unset={t`semua produk`}
            value={filters.sku}
            choices={sections?.titles?.data?.items.map(({ sku }) => ({ value: sku, label: title(sku) })) ?? []}
            onChange={(value) => set('sku', value)}
          />
          ,{' '}
          <Phrase
            label={t`Pembuat`}
            unset={t`siapa pun pembuatnya`}
            value={filters.recorded}
            choices={[
              { value: 'true', label: t`yang pembuatnya tercatat` },
              { value: 'false', label: t`yang pembuatnya belum tercatat` },
            ]}
            onChange={(value) => set('recorded', value)}
          />
          ,{' '}
          <Phrase
            label={t`Sisa`}
            unset={t`bersisa atau habis`}
            value={filters.available}
            choices={[
              { value: 'true', label: t`yang masih bersisa` },
              { value: 'false', label: t`yang sudah habis` },
            ]}
            onChange={(value) => set('available', value)}
          />
        </Trans>
      </SentenceFilter>
      <Section screen={screen} name="lots">
        {({ items, nextCursor, prevCursor }) => (
          <>
            {items.length === 0 ? (
              <Empty>
                <Trans>Catat lot begitu barang selesai dibuat: penjualannya langsung menjadi uang pembuatnya.</Trans>
              </Empty>
            ) : (
              <PageTable
                file={listAddress('lots', shownBy)}
                caption={<Trans>Lot, sisa barang, dan pembuatnya</Trans>}
                rows={items}
                rowKey={({ lotId }) => lotId}
                columns={[
                  {
                    key: 'lot',
                    heading: t`Lot`,
                    cell: ({ lotId }) => (
                      <Link href={`/lots/${encodeURIComponent(lotId)}`} className={styles.code}>
                        {lotId}
                      </Link>
                    ),
                  },
                  { key: 'goods', heading: t`Barang`, cell: ({ sku }) => title(sku) },
                  { key: 'day', heading: t`Dibuat`, cell: ({ madeOn }) => day(madeOn, language) },
                  {
                    key: 'left',
                    heading: t`Sisa`,
                    align: 'right',
                    cell: ({ available, quantity }) => `${n(available)}/${n(quantity)}`,
                  },
                  {
                    key: 'cost',
                    heading: t`Biaya produksi sebuah`,
                    align: 'right',
                    cell: ({ unitCost }) => rp(unitCost),
                  },
                  {
                    key: 'makers',
                    heading: t`Pembuat`,
                    cell: ({ lotId, contributions, measure }) =>
                      contributions.length === 0 ? (
                        <>
                          <Status mood="bad">{t`belum tercatat`}</Status>{' '}
                          {has(who, 'officer') && (
                            <Link href={`/lots/${encodeURIComponent(lotId)}/makers`}>
                              <Trans>Catat pembuat</Trans>
                            </Link>
                          )}
                        </>
                      ) : (
                        <MadeBy lot={{ measure, contributions }} maker={maker} />
                      ),
                  },
                ]}
              />
            )}
            <Pages previous={page(prevCursor)} next={page(nextCursor)} />
          </>
        )}
      </Section>
      <LowStock screen={screen} title={title} />
    </div>
  );
}

/** What sells of these is nobody's yet. */
function Unrecorded({ items, nextCursor, facilityId }: Page<Lot> & { readonly facilityId: string | undefined }) {
  const count = items.length;
  return (
    <Link href={addressOf('/lots', NAMES, { facility: facilityId ?? '', recorded: 'false' })}>
      {nextCursor ? (
        <Trans>Lebih dari {count} lot belum tercatat pembuatnya.</Trans>
      ) : (
        <Trans>
          <Plural value={count} other="# lot belum tercatat pembuatnya." />
        </Trans>
      )}
    </Link>
  );
}
