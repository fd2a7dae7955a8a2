import { Trans, useLingui } from '@lingui/react/macro';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { Finding, Lint } from '../api/answers.ts';
import { command } from '../api/api.ts';
import { isNothing, useScreen } from '../api/screen.ts';
import type { AgreementSections } from '../api/sections.ts';
import { useWho } from '../api/session.ts';
import { FlowPicture, FlowTable } from '../explain/flow-picture.tsx';
import { useLanguage } from '../frame/language.tsx';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { firstDayOf, monthAfter, thisMonth } from '../kit/day.ts';
import { Field } from '../kit/field.tsx';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { facilityChoices } from '../kit/names.ts';
import { ProblemSummary } from '../kit/problem-summary.tsx';
import { Section } from '../kit/section.tsx';
import { Shares } from '../sales/shares.tsx';
import { type AgreementDraft, bodyOf, type Example, emptyDraft, exampleOf, nextOf } from './draft.ts';
import { Steps } from './steps-form.tsx';

/** What is typed is judged when one pauses. */
const PAUSE_MS = 400;

/** A new agreement, or the next version of one: judged while one writes, and tried by a sale. */
export default function EditorScreen({ id, version }: { readonly id?: string; readonly version?: string }) {
  const [facility] = useWho().facilities;
  if (id && version) return <NextVersion id={id} version={version} />;
  return <Form start={emptyDraft(nextMonth(), facility?.facilityId ?? '')} />;
}

const nextMonth = () => firstDayOf(monthAfter(thisMonth(), 1));

function NextVersion({ id, version }: { readonly id: string; readonly version: string }) {
  const screen = useScreen<AgreementSections>('agreement', { id, version });
  const sections = screen.data?.sections;
  const versions = sections?.versions?.data?.items.map((each) => each.version) ?? [];
  if (isNothing(sections?.agreement)) return <NothingHereScreen />;
  return (
    <Section screen={screen} name="agreement" bare>
      {(agreement) => (
        <Form start={nextOf(agreement, Math.max(agreement.version, ...versions) + 1, nextMonth())} isNext />
      )}
    </Section>
  );
}

function Form({ start, isNext = false }: { readonly start: AgreementDraft; readonly isNext?: boolean }) {
  const { t } = useLingui();
  const { choices } = useGlossary();
  const [, navigate] = useLocation();
  const { facilities } = useWho();
  const [draft, setDraft] = useState(start);
  const change = (part: Partial<AgreementDraft>) => setDraft({ ...draft, ...part });
  const [example, setExample] = useState<Example>({
    ...{ quantity: '2', unitPrice: '475.000', unitCost: '180.000', fees: '47.501', shipping: '20.000' },
    hours: '32; 24,5; 16',
  });
  const [saleId, setSaleId] = useState('');
  const { found, error } = useLint({ ...bodyOf(draft), ...(saleId ? { saleId } : { example: exampleOf(example) }) });
  const { id, version } = draft;
  const name = id ? t`${id} versi ${version}` : t`Perjanjian baru`;
  const general = found?.problems.filter(({ step }) => step === undefined) ?? [];
  const places: Readonly<Record<string, readonly { readonly value: string; readonly label: string }[]>> = {
    facility: facilityChoices(facilities),
    region: [...new Set(facilities.map(({ region }) => region))].sort().map((value) => ({ value, label: value })),
  };
  const place = places[draft.level];
  return (
    <div className={kit.screen}>
      <Heading title={name} about={<Trans>Belum ada yang disimpan. Orang lain menyetujuinya kemudian.</Trans>}>
        {!found ? (
          name
        ) : found.problems.length > 0 ? (
          <Trans>{name} belum dapat disetujui.</Trans>
        ) : (
          <Trans>{name} dapat diusulkan.</Trans>
        )}
      </Heading>
      <div className={kit.pair}>
        <section className={kit.section} aria-label={t`Isi perjanjian`}>
          <div className={kit.form}>
            <Field
              label={t`Nama perjanjian`}
              note={t`misalnya ID-1990`}
              value={id}
              disabled={isNext}
              required
              onChange={(to) => change({ id: to })}
            />
            <Field
              label={t`Dasar hukum`}
              note={t`undang-undang, keputusan, atau kontrak`}
              value={draft.source}
              onChange={(source) => change({ source })}
            />
            <Field
              label={t`Berlaku di`}
              value={draft.level}
              choices={choices('level')}
              onChange={(level) => change({ level, scopeId: places[level]?.[0]?.value ?? '' })}
            />
            {draft.level !== 'national' && (
              <Field
                label={t`Yang mana`}
                value={draft.scopeId}
                {...(place && { choices: place })}
                required
                onChange={(scopeId) => change({ scopeId })}
              />
            )}
            <Field
              label={t`Bagi pesanan sejak`}
              type="date"
              required
              value={draft.from}
              onChange={(from) => change({ from })}
            />
            <Field
              label={t`Tidak lagi sejak`}
              note={t`kosong: sampai versi berikutnya`}
              type="date"
              value={draft.until}
              onChange={(until) => change({ until })}
            />
            <Field
              label={t`Yang dibagi`}
              value={draft.basis}
              choices={choices('basis')}
              onChange={(basis) => change({ basis })}
            />
          </div>
          <Findings of={general} />
          <Steps
            title={t`Pembagian penjualan`}
            steps={draft.sale}
            destinations={['makers', 'facility', 'state', 'beneficiary']}
            problems={found?.problems ?? []}
            onChange={(sale) => change({ sale })}
          />
          <Steps
            title={t`Pembagian premi tiap pembuat`}
            steps={draft.maker}
            destinations={['wages', 'savings', 'facility', 'state', 'beneficiary']}
            problems={found?.problems ?? []}
            onChange={(maker) => change({ maker })}
          />
          <div className={kit.form}>
            <Field
              label={t`Paling banyak dipotong untuk pengembalian, dalam persen`}
              value={draft.recovery}
              required
              onChange={(recovery) => change({ recovery })}
            />
            <Field
              label={t`Premi yang dijamin sebulan, dalam rupiah`}
              note={t`kosong: tidak ada`}
              inputMode="numeric"
              value={draft.floor}
              onChange={(floor) => change({ floor })}
            />
          </div>
          {found && found.warnings.length > 0 && <Findings of={found.warnings} isWarning />}
          {error && <ProblemSummary error={error} />}
          <div className={kit.buttons}>
            <Consequence
              verb={t`Usulkan`}
              title={t`Usulkan ${name}?`}
              disabled={!found || found.problems.length > 0}
              deed={() => ({ service: 'ledger', path: 'agreements', body: bodyOf(draft) })}
              onDone={() => navigate('/agreements')}
            >
              <Trans>
                Usulan ini tidak dapat disunting lagi, hanya ditarik. Ia berlaku sesudah orang lain menyetujuinya.
              </Trans>
            </Consequence>
          </div>
        </section>
        <section className={`${kit.section} ${kit.beside}`} aria-label={t`Contoh`}>
          <h2 className={kit.sectionTitle}>
            <Trans>Yang akan dibayarkan dari sebuah penjualan</Trans>
          </h2>
          <ExampleForm example={example} saleId={saleId} setExample={setExample} setSaleId={setSaleId} />
          {found && <Shares lines={found.lines} />}
          {found?.lines.map((line) => (
            <div key={line.lineRef}>
              <FlowPicture line={line} title={t`Pembagian menurut usulan ini`} />
              <details className={kit.twin}>
                <summary>
                  <Trans>Sebagai tabel</Trans>
                </summary>
                <FlowTable line={line} title={t`Pembagian menurut usulan ini`} />
              </details>
            </div>
          ))}
        </section>
      </div>
    </div>
  );
}

function ExampleForm({
  example,
  saleId,
  setExample,
  setSaleId,
}: {
  readonly example: Example;
  readonly saleId: string;
  readonly setExample: (example: Example) => void;
  readonly setSaleId: (saleId: string) => void;
}) {
  const { t } = useLingui();
  const rows: readonly (readonly [keyof Example, string])[] = [
    ['quantity', t`Berapa buah`],
    ['unitPrice', t`Harga sebuah`],
    ['unitCost', t`Biaya produksi sebuah`],
    ['fees', t`Biaya layanan kanal`],
    ['shipping', t`Ongkos kirim`],
    ['hours', t`Jam kerja tiap pembuat, dipisah titik koma`],
  ];
  return (
    <details className={kit.twin}>
      <summary>
        <Trans>Ubah contoh</Trans>
      </summary>
      <Field
        label={t`Penjualan yang ada dalam buku`}
        note={t`kosong: contoh di bawah; misalnya blanja/DEMO-1@LP-MOJOKERTO`}
        value={saleId}
        onChange={setSaleId}
      />
      {!saleId &&
        rows.map(([name, label]) => (
          <Field
            key={name}
            label={label}
            value={example[name]}
            onChange={(value) => setExample({ ...example, [name]: value })}
          />
        ))}
    </details>
  );
}

function Findings({ of, isWarning }: { readonly of: readonly Finding[]; readonly isWarning?: boolean }) {
  const { words } = useLanguage();
  if (of.length === 0) return null;
  return (
    <ul className={isWarning ? kit.note : kit.problem} aria-live="polite">
      {of.map(({ step, message }) => (
        <li key={`${step} ${message.id}`}>{words(message)}</li>
      ))}
    </ul>
  );
}

/** What the ledger says of the draft as it stood when one paused; of the one before while it is asked. */
function useLint(body: object) {
  const asked = JSON.stringify(body);
  const [settled, settle] = useState(asked);
  useEffect(() => {
    const pause = setTimeout(() => settle(asked), PAUSE_MS);
    return () => clearTimeout(pause);
  }, [asked]);
  const { data, error } = useQuery({
    queryKey: ['lint', settled],
    queryFn: () => command<Lint>('ledger', 'agreements/lint', JSON.parse(settled), crypto.randomUUID()),
    placeholderData: keepPreviousData,
    retry: false,
  });
  return { found: error ? undefined : data, error };
}
