import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link, useSearch } from 'wouter';
import type { Order } from '../api/answers.ts';
import { isNothing, useScreen } from '../api/screen.ts';
import type { OrderSections } from '../api/sections.ts';
import { useLanguage } from '../frame/language.tsx';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { moment } from '../kit/day.ts';
import { addressOf, readCursor } from '../kit/filters.ts';
import { State, useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { explainAddress, orderAddress } from '../kit/links.ts';
import { useFacilityNames, useTitles } from '../kit/names.ts';
import { Pages, PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { GoodsBack } from './goods-back.tsx';
import styles from './sales.module.css';
import { Shares } from './shares.tsx';
import { Timeline } from './timeline.tsx';

const STEPS = ['placed', 'paid', 'credited', 'settled'] as const;

/** An order: what was bought of whom, how far it is, and how each facility's part is shared. */
export default function OrderScreen({ channel, reference }: { readonly channel: string; readonly reference: string }) {
  const orderId = `${channel}/${reference}`;
  const { t } = useLingui();
  const { language, rp, words } = useLanguage();
  const { word } = useGlossary();
  const cursor = readCursor(useSearch());
  const page = (to: string | undefined) => addressOf(orderAddress(orderId), [], {}, to);
  const screen = useScreen<OrderSections>('order', { channel, ref: reference, cursor });
  const sections = screen.data?.sections;
  const order = sections?.order?.data;
  const title = useTitles(sections?.titles);
  const facility = useFacilityNames();
  const flows = sections?.flows?.data?.items ?? [];
  const amount = order?.amount === undefined ? undefined : rp(order.amount);
  const state = order ? words(order.standing).toLowerCase() : '';

  if (isNothing(sections?.order)) return <NothingHereScreen />;
  return (
    <div className={kit.screen}>
      <Heading
        title={t`Pesanan ${orderId}`}
        about={order?.placedAt && <Trans>Dipesan {moment(order.placedAt, language)}</Trans>}
      >
        {!order ? (
          <Trans>Pesanan {orderId}</Trans>
        ) : amount === undefined ? (
          <Trans>
            Pesanan {orderId}: bagian satuan kerja Anda {state}.
          </Trans>
        ) : order.sales ? (
          <Trans>
            Pesanan {orderId}: {amount}, <Plural value={order.sales.length} other="# satuan kerja" />, {state}.
          </Trans>
        ) : (
          <Trans>
            Pesanan {orderId}: {amount}, {state}.
          </Trans>
        )}
      </Heading>
      <Section screen={screen} name="order" bare>
        {(found) => (
          <>
            <Progress order={found} />
            {found.reason && (
              <Empty>
                <Trans>
                  Sebab: {word('orderReason', found.reason)} {found.detail}
                </Trans>
              </Empty>
            )}
            {!found.sales && (
              <section className={kit.section}>
                <Lines lines={found.lines} title={title} />
              </section>
            )}
            <div className={kit.pair}>
              {found.sales?.map(({ saleId, facilityId, status }) => {
                const flow = flows.find((each) => each.saleId === saleId && each.kind === 'sale');
                const lines = found.lines.filter((line) => line.facilityId === facilityId);
                return (
                  <section key={saleId} className={kit.section} aria-labelledby={saleId}>
                    <h2 id={saleId} className={kit.sectionTitle}>
                      {facility(facilityId)}
                    </h2>
                    <p className={kit.note}>
                      <State topic="sale" of={status} />
                    </p>
                    <Lines lines={lines} title={title} />
                    {flow ? <Shares lines={flow.lines} /> : <Empty>{t`Belum dibukukan.`}</Empty>}
                    {flow && (
                      <div className={kit.buttons}>
                        <GoodsBack orderId={orderId} lines={lines} flow={flow} title={title} />
                        <Button component={Link} href={explainAddress(orderId, facilityId)}>
                          <Trans>Mengapa?</Trans>
                        </Button>
                      </div>
                    )}
                  </section>
                );
              })}
            </div>
            {found.refunds && found.refunds.length > 0 && (
              <section className={kit.section} style={{ marginTop: '1.25rem' }}>
                <PageTable
                  caption={<Trans>Pengembalian dana</Trans>}
                  rows={found.refunds}
                  rowKey={({ refundId }) => refundId}
                  columns={[
                    { key: 'ref', heading: t`Acuan`, cell: ({ refundId }) => refundId },
                    { key: 'quantity', heading: t`Barang`, cell: ({ quantity }) => quantity },
                    { key: 'status', heading: t`Keadaan`, cell: ({ status }) => word('refund', status) },
                    {
                      key: 'amount',
                      heading: t`Jumlah`,
                      align: 'right',
                      cell: ({ amount: refunded }) => (refunded === undefined ? '' : rp(refunded)),
                    },
                  ]}
                />
              </section>
            )}
          </>
        )}
      </Section>
      <Section screen={screen} name="timeline" title={<Trans>Riwayat pesanan</Trans>}>
        {(timeline) => (
          <>
            <Timeline {...timeline} />
            <Pages
              previous={cursor && page(undefined)}
              next={timeline.nextCursor ? page(timeline.nextCursor) : undefined}
            />
          </>
        )}
      </Section>
    </div>
  );
}

function Lines({ lines, title }: { readonly lines: Order['lines']; readonly title: (sku: string) => string }) {
  const { t } = useLingui();
  const { rp } = useLanguage();
  return (
    <PageTable
      caption={<Trans>Baris pesanan</Trans>}
      rows={lines}
      rowKey={({ lineRef }) => lineRef}
      columns={[
        { key: 'goods', heading: t`Barang`, cell: ({ sku, quantity }) => `${quantity} × ${title(sku)}` },
        { key: 'price', heading: t`Harga satuan`, align: 'right', cell: ({ unitPrice }) => rp(unitPrice) },
        {
          key: 'discount',
          heading: t`Potongan harga`,
          align: 'right',
          cell: ({ discount }) => (discount ? rp(discount) : ''),
        },
      ]}
    />
  );
}

/** How far the order is; the furthest of its sales says whether its money has come. */
function Progress({ order }: { readonly order: Order }) {
  const { word } = useGlossary();
  const { t } = useLingui();
  const sales = order.sales ?? [];
  const isSettled = sales.length > 0 && sales.every(({ status }) => status === 'settled');
  const reached = isSettled ? 3 : { placed: 0, paid: 1, credited: 2, refunded: 2 }[order.status];
  if (reached === undefined) return null;
  return (
    <ol className={styles.steps} aria-label={t`Perjalanan pesanan`}>
      {STEPS.map((step, index) => (
        <li key={step} data-done={index <= reached} aria-current={index === reached ? 'step' : undefined}>
          <span>{word(step === 'placed' ? 'order' : 'sale', step)}</span>
        </li>
      ))}
    </ol>
  );
}
