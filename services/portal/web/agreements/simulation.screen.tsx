import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Outcome, Simulation } from '../api/answers.ts';
import { isNothing, useScreen } from '../api/screen.ts';
import type { SimulationSections } from '../api/sections.ts';
import { useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { day, firstDayOf, lastDayOf, thisMonth } from '../kit/day.ts';
import { Field } from '../kit/field.tsx';
import { addressOf, readFilters } from '../kit/filters.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { facilityChoices, makerOf, useFacilityNames } from '../kit/names.ts';
import { PageTable } from '../kit/page-table.tsx';
import { Ranking } from '../kit/ranking.tsx';
import { Section } from '../kit/section.tsx';

/** While it runs it is asked how far it is. */
const EVERY_MS = 1_000;
const NAMES = ['simulation'] as const;

/** Who would have gained and lost if a version had shared the sales of some days. */
export default function SimulationScreen({ id, version }: { readonly id: string; readonly version: string }) {
  const { t } = useLingui();
  const [, navigate] = useLocation();
  const { simulation } = readFilters(useSearch(), NAMES);
  const path = `/agreements/${encodeURIComponent(id)}/${version}/simulate`;
  const start = (
    <Start
      id={id}
      version={version}
      onDone={(simulationId) => navigate(addressOf(path, NAMES, { simulation: simulationId }))}
    />
  );
  if (simulation) return <Outcomes id={id} version={version} simulation={simulation} again={start} />;
  return (
    <div className={styles.screen}>
      <Heading title={t`Simulasi ${id} versi ${version}`}>
        <Trans>
          Siapa mendapat lebih, dan siapa kurang, dari {id} versi {version}?
        </Trans>
      </Heading>
      {start}
    </div>
  );
}

function Start({
  id,
  version,
  onDone,
}: {
  readonly id: string;
  readonly version: string;
  readonly onDone: (simulationId: string) => void;
}) {
  const { t } = useLingui();
  const { facilities } = useWho();
  const [from, setFrom] = useState(firstDayOf(thisMonth()));
  const [to, setTo] = useState(lastDayOf(thisMonth()));
  const [facilityId, setFacility] = useState('');
  return (
    <div className={styles.buttons}>
      <Consequence
        verb={t`Simulasikan`}
        title={t`Bagi ulang penjualan yang lalu?`}
        deed={() => ({
          service: 'ledger',
          path: `agreements/${encodeURIComponent(id)}/${version}/simulations`,
          body: { from, to, ...(facilityId && { facilityId }) },
        })}
        onDone={(answer) => onDone((answer as Simulation).simulationId)}
        form={
          <>
            <Field label={t`Dari hari`} type="date" value={from} required onChange={setFrom} />
            <Field label={t`Sampai hari`} type="date" value={to} required onChange={setTo} />
            <Field
              label={t`Satuan kerja`}
              value={facilityId}
              choices={[{ value: '', label: t`semua satuan kerja` }, ...facilityChoices(facilities)]}
              onChange={setFacility}
            />
          </>
        }
      >
        <Trans>Tidak ada yang dibukukan dan tidak ada uang yang berpindah. Boleh ditinggal.</Trans>
      </Consequence>
    </div>
  );
}

function Outcomes({
  id,
  version,
  simulation,
  again,
}: {
  readonly id: string;
  readonly version: string;
  readonly simulation: string;
  readonly again: React.ReactNode;
}) {
  const { t } = useLingui();
  const { language, rp, n } = useLanguage();
  const facility = useFacilityNames();
  const [isRunning, setRunning] = useState(true);
  const screen = useScreen<SimulationSections>(
    'simulation',
    { id, version, simulation },
    isRunning ? EVERY_MS : undefined,
  );
  const part = screen.data?.sections.simulation;
  const found = part?.data;
  if (found && isRunning !== (found.status === 'running')) setRunning(found.status === 'running');
  if (isNothing(part)) return <NothingHereScreen />;
  const from = found ? day(found.asked.from, language) : '';
  const to = found ? day(found.asked.to, language) : '';
  const makers = found?.result?.totals.find(({ owner }) => owner === 'maker')?.difference ?? 0;
  const more = rp(Math.abs(makers));
  const name = t`${id} versi ${version}`;
  return (
    <div className={styles.screen}>
      <Heading
        title={t`Simulasi ${id} versi ${version}`}
        about={
          <Trans>
            Penjualan dari {from} sampai {to}
          </Trans>
        }
      >
        {!found ? (
          name
        ) : found.status === 'running' ? (
          <Trans>{name} sedang dicoba atas penjualan yang lalu.</Trans>
        ) : !found.result ? (
          <Trans>Simulasi {name} tidak selesai; mulailah lagi.</Trans>
        ) : makers > 0 ? (
          <Trans>
            {name} akan memberi pembuat {more} lebih banyak.
          </Trans>
        ) : makers < 0 ? (
          <Trans>
            {name} akan memberi pembuat {more} lebih sedikit.
          </Trans>
        ) : (
          <Trans>{name} akan memberi pembuat sama banyak.</Trans>
        )}
      </Heading>
      <Section screen={screen} name="simulation">
        {({ status, progress, result }) =>
          result ? (
            <>
              <p className={styles.note}>
                <Plural value={result.sales} other="# penjualan dibagi lagi." />{' '}
                <Plural value={result.gain} other="# pemilik mendapat lebih," />{' '}
                <Plural value={result.lose} other="# mendapat kurang." />
              </p>
              <Differences caption={<Trans>Menurut jenis pemilik, dalam rupiah</Trans>} rows={result.totals} />
              {result.byFacility.map(({ facilityId, sales, totals }) => (
                <Differences
                  key={facilityId}
                  caption={
                    <Trans>
                      {facility(facilityId)}: <Plural value={sales} other="# penjualan" />, dalam rupiah
                    </Trans>
                  }
                  rows={totals}
                />
              ))}
              <Named rows={[...result.gainers, ...result.losers]} />
            </>
          ) : (
            <>
              <progress
                className={styles.progress}
                max={Math.max(1, progress.of)}
                value={progress.sales}
                aria-label={t`Simulasi`}
              />
              <p className={styles.note}>
                {status === 'running' ? (
                  <Trans>
                    {n(progress.sales)} dari {n(progress.of)} penjualan
                  </Trans>
                ) : (
                  <Trans>Tidak selesai.</Trans>
                )}
              </p>
            </>
          )
        }
      </Section>
      {!isRunning && again}
    </div>
  );
}

function Differences({ caption, rows }: { readonly caption: React.ReactNode; readonly rows: readonly Outcome[] }) {
  const { t } = useLingui();
  const { rp } = useLanguage();
  const { word } = useGlossary();
  return (
    <Ranking
      caption={caption}
      heading={t`Pemilik`}
      amountHeading={t`Selisih`}
      rows={rows}
      rowKey={({ owner }) => owner}
      label={({ owner }) => word('owner', owner)}
      amount={({ difference }) => difference}
      written={({ posted, simulated, difference }) => `${rp(posted)} → ${rp(simulated)}: ${rp(difference)}`}
    />
  );
}

function Named({ rows }: { readonly rows: readonly Outcome[] }) {
  const { t } = useLingui();
  const { rp } = useLanguage();
  if (rows.length === 0) return null;
  return (
    <PageTable
      caption={<Trans>Siapa paling banyak mendapat lebih, dan kurang</Trans>}
      rows={rows}
      rowKey={({ owner }) => owner}
      columns={[
        { key: 'owner', heading: t`Pemilik`, cell: ({ owner }) => makerOf(`${owner}:wages`) ?? owner },
        { key: 'posted', heading: t`Dibukukan`, align: 'right', cell: ({ posted }) => rp(posted) },
        { key: 'simulated', heading: t`Simulasi`, align: 'right', cell: ({ simulated }) => rp(simulated) },
        { key: 'difference', heading: t`Selisih`, align: 'right', cell: ({ difference }) => rp(difference) },
      ]}
    />
  );
}
