import { Trans, useLingui } from '@lingui/react/macro';
import type { OrderTimeline } from '../api/answers.ts';
import { useLanguage } from '../frame/language.tsx';
import { moment } from '../kit/day.ts';
import { type Topic, useGlossary } from '../kit/glossary.tsx';
import kit from '../kit/kit.module.css';
import { useFacilityNames } from '../kit/names.ts';
import { PageTable } from '../kit/page-table.tsx';
import { Empty } from '../kit/section.tsx';

type Change = OrderTimeline['items'][number]['changes'][number];

/** What is said of each part of an order, in whose words. */
const WORDS: Readonly<Record<Change['of'], Topic>> = {
  order: 'standing',
  reason: 'orderReason',
  goods: 'goods',
  payment: 'payment',
  sale: 'saleInBooks',
  refund: 'refund',
  settlement: 'settlement',
  dispute: 'dispute',
};

/** What happened to an order, oldest first. */
export function Timeline({ items, keptSince }: OrderTimeline) {
  const { t } = useLingui();
  const { language } = useLanguage();
  const { word } = useGlossary();
  const facility = useFacilityNames();
  const since = keptSince && moment(keptSince, language);
  const said = ({ of, id, before, after }: Change): string => {
    const what = of === 'sale' ? facility(id ?? '') : [word('changed', of), id].filter(Boolean).join(' ');
    const words = [before, after].filter((each) => each !== undefined).map((each) => word(WORDS[of], each));
    return `${what}: ${words.join(' → ')}`;
  };
  return (
    <>
      {since && (
        <p className={kit.note}>
          <Trans>Riwayat dicatat sejak {since}; yang terjadi sebelumnya tidak tampil.</Trans>
        </p>
      )}
      {items.length === 0 ? (
        <Empty>{t`Belum ada yang tercatat.`}</Empty>
      ) : (
        <PageTable
          caption={<Trans>Yang terjadi, dari yang terlama</Trans>}
          rows={items}
          rowKey={({ number }) => String(number)}
          columns={[
            { key: 'at', heading: t`Waktu`, cell: ({ at }) => moment(at, language) },
            { key: 'message', heading: t`Peristiwa`, cell: ({ message }) => word('step', message) },
            { key: 'by', heading: t`Oleh`, cell: ({ person, channel }) => person ?? channel ?? '' },
            {
              key: 'changes',
              heading: t`Menjadi`,
              cell: ({ changes }) =>
                changes.length === 0 ? t`datang lebih awal, disimpan` : changes.map(said).join('; '),
            },
          ]}
        />
      )}
    </>
  );
}
