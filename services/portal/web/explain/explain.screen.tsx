import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useLocation, useSearch } from 'wouter';
import type { Flow } from '../api/answers.ts';
import { isNothing, useScreen } from '../api/screen.ts';
import type { OrderSections } from '../api/sections.ts';
import { useLanguage } from '../frame/language.tsx';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { readFilters } from '../kit/filters.ts';
import { State, useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { explainAddress, orderAddress } from '../kit/links.ts';
import { useFacilityNames, useTitles } from '../kit/names.ts';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter } from '../kit/sentence-filter.tsx';
import { Status } from '../kit/status.tsx';
import styles from './explain.module.css';
import { FlowList, FlowPicture, FlowTable } from './flow-picture.tsx';

/** Where the money of an order went, and why: computed again by the ledger while one looks. */
export default function ExplainScreen({
  channel,
  reference,
}: {
  readonly channel: string;
  readonly reference: string;
}) {
  const orderId = `${channel}/${reference}`;
  const { t } = useLingui();
  const { rp } = useLanguage();
  const [, navigate] = useLocation();
  const { facility: facilityId } = readFilters(useSearch(), ['facility']);
  const screen = useScreen<OrderSections>('explain', { channel, ref: reference });
  const sections = screen.data?.sections;
  const title = useTitles(sections?.titles);
  const facility = useFacilityNames();
  const all = sections?.flows?.data?.items ?? [];
  const shown = facilityId ? all.filter((flow) => flow.facilityId === facilityId) : all;
  const facilities = [...new Set(all.map((flow) => flow.facilityId))];
  const paid = shown.find(({ kind }) => kind === 'sale')?.lines[0]?.nodes[0];
  const isOne = shown.length === 1 && shown[0]?.lines.length === 1;
  const amount = rp(paid?.amount ?? 0);
  if (isNothing(sections?.order)) return <NothingHereScreen />;
  return (
    <div className={kit.screen}>
      <Heading
        title={t`Mengapa: ${orderId}`}
        about={
          <Trans>
            Pesanan <Link href={orderAddress(orderId)}>{orderId}</Link>
          </Trans>
        }
      >
        {paid && isOne ? (
          <Trans>Ke mana {amount} pergi, dan mengapa.</Trans>
        ) : (
          <Trans>Ke mana uang pesanan {orderId} pergi, dan mengapa.</Trans>
        )}
      </Heading>
      {facilities.length > 1 && (
        <SentenceFilter label={t`Bagian mana`}>
          <Trans>
            Bagian dari{' '}
            <Phrase
              label={t`Satuan kerja`}
              unset={t`semua satuan kerja`}
              value={facilityId}
              choices={facilities.map((value) => ({ value, label: facility(value) }))}
              onChange={(chosen) => navigate(explainAddress(orderId, chosen))}
            />
          </Trans>
        </SentenceFilter>
      )}
      <Section screen={screen} name="flows" bare>
        {() =>
          shown.length === 0 ? (
            <NotYet orderStatus={sections?.order?.data?.status} />
          ) : (
            <div className={kit.screen}>
              {shown.map((flow) => (
                <FlowOf key={flow.journalId} flow={flow} title={title} facility={facility(flow.facilityId)} />
              ))}
            </div>
          )
        }
      </Section>
    </div>
  );
}

function FlowOf({
  flow,
  title,
  facility,
}: {
  readonly flow: Flow;
  readonly title: (sku: string) => string;
  readonly facility: string;
}) {
  const { t } = useLingui();
  const { rp } = useLanguage();
  const { word } = useGlossary();
  const kind = word('kind', flow.kind);
  return (
    <>
      {flow.lines.map((line) => {
        const goods = title(line.sku);
        const amount = rp(line.nodes[0]?.amount ?? 0);
        const { agreement } = line;
        const name = t`${kind} ${goods}, ${facility}: ${amount}`;
        return (
          <section key={line.lineRef} className={kit.section} aria-label={name}>
            <h2 className={kit.sectionTitle}>
              {goods} · {facility}
            </h2>
            <p className={styles.proof}>
              {flow.matches ? (
                <Status mood="good">{t`Dihitung ulang: cocok`}</Status>
              ) : (
                <span className={styles.alarm} role="alert">
                  <Trans>Dihitung ulang: TIDAK cocok dengan buku. Laporkan segera.</Trans>
                </span>
              )}
              {agreement && (
                <span className={kit.why}>
                  <Trans>
                    menurut perjanjian {agreement.id} versi {agreement.version}
                  </Trans>
                </span>
              )}
            </p>
            <FlowPicture line={line} title={name} />
            <FlowList line={line} />
            <details className={kit.twin} open>
              <summary>
                <Trans>Sebagai tabel</Trans>
              </summary>
              <FlowTable line={line} title={name} />
            </details>
          </section>
        );
      })}
    </>
  );
}

/** Not in the books yet: what the order says instead. */
function NotYet({ orderStatus }: { readonly orderStatus: string | undefined }) {
  return (
    <Empty>
      {orderStatus && <State topic="order" of={orderStatus} />}{' '}
      <Trans>Belum dibukukan: begitu dibayar dan barangnya dipastikan, pembagiannya tampil di sini.</Trans>
    </Empty>
  );
}
