import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { DeadLetter, DeadLetterSummary } from '../api/answers.ts';
import { listAddress, type Service } from '../api/api.ts';
import { useScreen } from '../api/screen.ts';
import type { OperationsSections } from '../api/sections.ts';
import { useLanguage } from '../frame/language.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { moment } from '../kit/day.ts';
import { Field } from '../kit/field.tsx';
import { Figure, Figures } from '../kit/figure.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Status } from '../kit/status.tsx';

const SERVICES = ['orders', 'catalogue', 'payments', 'ledger'] as const;

/** Messages that could not be processed, in each service, and what waits behind them. */
export default function OperationsScreen() {
  const { t } = useLingui();
  const { language, n } = useLanguage();
  const screen = useScreen<OperationsSections>('operations', {});
  const sections = screen.data?.sections;
  const summaries = SERVICES.flatMap((service): (DeadLetterSummary & { service: Service })[] => {
    const data = sections?.[service]?.data;
    return data ? [{ service, ...data }] : [];
  });
  const stuck = summaries.filter(({ poison }) => poison > 0);
  const since = stuck.flatMap((each) => each.since ?? []).sort()[0];
  const first = stuck[0];
  return (
    <div className={styles.screen}>
      <Heading title={t`Pesan tertahan`}>
        {summaries.length < SERVICES.length ? (
          <Trans>Pesan tertahan</Trans>
        ) : !first ? (
          <Trans>Tidak ada pesan yang tertahan.</Trans>
        ) : stuck.length === 1 ? (
          <Trans>
            <Plural value={first.poison} other="# pesan" /> tertahan sejak {since ? moment(since, language) : ''}.
          </Trans>
        ) : (
          <Trans>
            Pesan tertahan di <Plural value={stuck.length} other="# layanan" /> sejak{' '}
            {since ? moment(since, language) : ''}.
          </Trans>
        )}
      </Heading>
      <Figures>
        {SERVICES.map((service) => {
          const summary = sections?.[service]?.data;
          return (
            <Figure
              key={service}
              label={service}
              value={summary ? n(summary.poison) : '…'}
              note={
                summary && (
                  <Status
                    mood={summary.poison === 0 ? 'good' : 'bad'}
                  >{t`${n(summary.parked)} menunggu di belakangnya`}</Status>
                )
              }
            />
          );
        })}
      </Figures>
      {SERVICES.map((service) => (
        <Section key={service} screen={screen} name={`${service}Letters`} title={service}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty>
                <Trans>Semua pesan sampai dan diproses.</Trans>
              </Empty>
            ) : (
              <PageTable
                file={listAddress(`dead-letters-${service}`, {})}
                caption={<Trans>Pesan yang tertahan dan sebabnya</Trans>}
                rows={items}
                rowKey={({ id }) => id}
                columns={[
                  { key: 'at', heading: t`Sejak`, cell: ({ buriedAt }) => moment(buriedAt, language) },
                  {
                    key: 'what',
                    heading: t`Pesan`,
                    cell: ({ type, message }) => <span className={styles.code}>{type ?? message.topic}</span>,
                  },
                  {
                    key: 'key',
                    heading: t`Acuan`,
                    cell: ({ message }) => <span className={styles.code}>{keyOf(message)}</span>,
                  },
                  {
                    key: 'cause',
                    heading: t`Sebab`,
                    cell: ({ cause }) => <span className={styles.code}>{cause}</span>,
                  },
                  {
                    key: 'status',
                    heading: t`Keadaan`,
                    cell: ({ status }) => (
                      <Status mood={status === 'poison' ? 'bad' : 'wait'}>
                        {status === 'poison' ? t`gagal` : t`menunggu`}
                      </Status>
                    ),
                  },
                  {
                    key: 'steps',
                    heading: t`Langkah`,
                    cell: (letter) => <Resolve service={service} letter={letter} />,
                  },
                ]}
              />
            )
          }
        </Section>
      ))}
    </div>
  );
}

function Resolve({ service, letter: { id, status } }: { readonly service: Service; readonly letter: DeadLetter }) {
  const { t } = useLingui();
  const [reason, setReason] = useState('');
  if (status !== 'poison') return null; // it goes with the one that it waits for
  return (
    <span className={styles.buttons}>
      <Consequence
        verb={t`Proses lagi`}
        title={t`Proses lagi pesan ini?`}
        quiet
        deed={() => ({ service, path: `dead-letters/${id}/redrive`, body: { reason } })}
        form={<Field label={t`Alasan`} value={reason} required onChange={setReason} />}
      >
        <Trans>Pesan diproses lagi; yang menunggu di belakangnya menyusul. Gagal lagi, ia kembali ke sini.</Trans>
      </Consequence>
      <Consequence
        verb={t`Buang`}
        title={t`Buang pesan ini?`}
        quiet
        danger
        deed={() => ({ service, path: `dead-letters/${id}/discard`, body: { reason } })}
        form={<Field label={t`Alasan`} value={reason} required onChange={setReason} />}
      >
        <Trans>
          Isinya tidak pernah diproses, juga bila dikirim lagi. Pesan baru terbuang setelah operator kedua memintanya
          juga.
        </Trans>
      </Consequence>
    </span>
  );
}

function keyOf({ key }: DeadLetter['message']): string {
  return typeof key === 'object' ? (key?.base64 ?? '') : key;
}
