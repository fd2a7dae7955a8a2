import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { Flow, Order } from '../api/answers.ts';
import { has, useWho } from '../api/session.ts';
import { Consequence } from '../kit/consequence.tsx';
import { Field } from '../kit/field.tsx';
import { useGlossary } from '../kit/glossary.tsx';
import kit from '../kit/kit.module.css';
import { wholeOf } from '../kit/written.ts';

/** Goods that the buyer sent back: they are for sale again, or written off. Money moves by a refund alone. */
export function GoodsBack({
  orderId,
  lines,
  flow,
  title,
}: {
  readonly orderId: string;
  readonly lines: Order['lines'];
  readonly flow: Flow;
  readonly title: (sku: string) => string;
}) {
  const { t } = useLingui();
  const { choices } = useGlossary();
  const who = useWho();
  const slash = orderId.indexOf('/');
  const [lineRef, setLine] = useState(lines[0]?.lineRef ?? '');
  const [chosenLot, setLot] = useState('');
  const [quantity, setQuantity] = useState('1');
  const [disposition, setDisposition] = useState('restock');
  const lots = [
    ...new Set(flow.lines.find((line) => line.lineRef === lineRef)?.nodes.flatMap(({ lotId }) => lotId ?? []) ?? []),
  ];
  const lotId = lots.includes(chosenLot) ? chosenLot : (lots[0] ?? '');
  if (!has(who, 'officer')) return null;
  return (
    <Consequence
      verb={t`Barang kembali`}
      title={t`Barang yang kembali dari pembeli`}
      quiet
      deed={() => ({
        service: 'catalogue',
        path: 'returns',
        body: {
          ...{ channel: orderId.slice(0, slash), orderRef: orderId.slice(slash + 1), lineRef, lotId, disposition },
          quantity: wholeOf(quantity),
        },
      })}
      form={
        <>
          <Field
            label={t`Barang`}
            value={lineRef}
            choices={lines.map((line) => ({ value: line.lineRef, label: `${line.quantity} × ${title(line.sku)}` }))}
            onChange={setLine}
          />
          <Field
            label={t`Lot`}
            value={lotId}
            choices={lots.map((value) => ({ value, label: value }))}
            onChange={setLot}
          />
          <Field label={t`Berapa buah`} inputMode="numeric" value={quantity} required onChange={setQuantity} />
          <Field label={t`Keadaannya`} value={disposition} choices={choices('disposition')} onChange={setDisposition} />
        </>
      }
    >
      <p className={kit.note}>
        <Trans>Stok bertambah bila masih dapat dijual; uang tidak berpindah. Tidak dapat dibatalkan.</Trans>
      </p>
    </Consequence>
  );
}
