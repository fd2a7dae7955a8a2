import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { isNothing, useScreen } from '../api/screen.ts';
import type { ExceptionSections } from '../api/sections.ts';
import { useLanguage } from '../frame/language.tsx';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { day, moment } from '../kit/day.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { orderAddress } from '../kit/links.ts';
import { useFacilityNames } from '../kit/names.ts';
import { PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';

/** What does not agree, as each house has it: orders, payments and the books. */
export default function ComparisonScreen({
  subject,
  reference,
}: {
  readonly subject: string;
  readonly reference: string;
}) {
  const { t } = useLingui();
  const { language, rp } = useLanguage();
  const { word } = useGlossary();
  const facility = useFacilityNames();
  const screen = useScreen<ExceptionSections>('exception', { kind: subject, reference });
  if (isNothing(screen.data?.sections.reconciliation)) return <NothingHereScreen />;
  const about = word('compared', subject);
  return (
    <div className={kit.screen}>
      <Heading title={t`${about} ${reference}`}>
        <Trans>
          Apa kata pesanan, pembayaran, dan buku tentang {about} {reference}.
        </Trans>
      </Heading>
      <Section screen={screen} name="reconciliation">
        {({ records, journals }) => (
          <div className={kit.parts}>
            {records.length === 0 ? (
              <Empty>
                <Trans>Pesanan dan pembayaran tidak mengatakan apa-apa.</Trans>
              </Empty>
            ) : (
              <PageTable
                caption={<Trans>Kata pesanan dan pembayaran</Trans>}
                rows={records}
                rowKey={({ counterparty }) => counterparty}
                columns={[
                  { key: 'by', heading: t`Menurut`, cell: ({ counterparty }) => word('house', counterparty) },
                  { key: 'state', heading: t`Keadaan`, cell: ({ state }) => word('said', state) },
                  { key: 'since', heading: t`Sejak`, cell: ({ since }) => moment(since, language) },
                  {
                    key: 'amount',
                    heading: t`Jumlah`,
                    align: 'right',
                    cell: ({ amount }) => (amount === null ? '' : rp(amount)),
                  },
                ]}
              />
            )}
            {journals.length === 0 ? (
              <Empty>
                <Trans>Dalam buku tidak ada jurnalnya.</Trans>
              </Empty>
            ) : (
              <PageTable
                caption={<Trans>Kata buku: jurnal tentangnya</Trans>}
                rows={journals}
                rowKey={({ journalId }) => journalId}
                columns={[
                  { key: 'day', heading: t`Tanggal`, cell: ({ postedOn }) => day(postedOn, language) },
                  { key: 'kind', heading: t`Jenis`, cell: ({ kind }) => word('kind', kind) },
                  { key: 'facility', heading: t`Satuan kerja`, cell: ({ facilityId }) => facility(facilityId) },
                  {
                    key: 'reference',
                    heading: t`Acuan`,
                    cell: ({ sourceReference }) => <span className={kit.code}>{sourceReference}</span>,
                  },
                ]}
              />
            )}
            {subject === 'order' && (
              <div className={kit.buttons}>
                <Button component={Link} href={orderAddress(reference)} variant="default">
                  <Trans>Buka pesanan</Trans>
                </Button>
              </div>
            )}
          </div>
        )}
      </Section>
    </div>
  );
}
