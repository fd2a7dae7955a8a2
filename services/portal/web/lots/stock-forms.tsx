import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Consequence } from '../kit/consequence.tsx';
import { Field } from '../kit/field.tsx';
import { useGlossary } from '../kit/glossary.tsx';
import { wholeOf } from '../kit/written.ts';

const LOSSES: readonly string[] = ['broken', 'lost', 'used'];

interface OfLot {
  readonly lotId: string;
  /** Pieces that can be sold, as the screen has it. */
  readonly available: number;
}

/** An officer has counted a lot. */
export function CountForm({ lotId, available }: OfLot) {
  const { t } = useLingui();
  const [counted, setCounted] = useState('');
  const [reason, setReason] = useState('');
  return (
    <Consequence
      verb={t`Hitung stok`}
      title={t`Berapa buah yang ada?`}
      quiet
      deed={() => ({
        service: 'catalogue',
        path: `lots/${encodeURIComponent(lotId)}/counts`,
        body: { counted: wholeOf(counted), available, reason },
      })}
      form={
        <>
          <Field
            label={t`Berapa buah`}
            note={<Trans>Tanpa yang sudah dipesan atau terjual. Tercatat {available}.</Trans>}
            inputMode="numeric"
            required
            value={counted}
            onChange={setCounted}
          />
          <Field label={t`Alasan`} required value={reason} onChange={setReason} />
        </>
      }
    >
      <Trans>Selisihnya dicatat, dan kanal menjual sebanyak yang ada. Dapat dihitung lagi.</Trans>
    </Consequence>
  );
}

/** Pieces that nobody can buy any more. */
export function WriteOffForm({ lotId }: Pick<OfLot, 'lotId'>) {
  const { t } = useLingui();
  const { choices } = useGlossary();
  const [kind, setKind] = useState('broken');
  const [quantity, setQuantity] = useState('1');
  const [reason, setReason] = useState('');
  return (
    <Consequence
      verb={t`Rusak, hilang, dipakai`}
      title={t`Barang yang tidak dapat dijual lagi`}
      quiet
      deed={() => ({
        service: 'catalogue',
        path: `lots/${encodeURIComponent(lotId)}/write-offs`,
        body: { kind, quantity: wholeOf(quantity), reason },
      })}
      form={
        <>
          <Field
            label={t`Keadaannya`}
            value={kind}
            choices={choices('movement').filter(({ value }) => LOSSES.includes(value))}
            onChange={setKind}
          />
          <Field label={t`Berapa buah`} inputMode="numeric" required value={quantity} onChange={setQuantity} />
          <Field label={t`Alasan`} required value={reason} onChange={setReason} />
        </>
      }
    >
      <Trans>Stok berkurang; uang tidak berpindah. Yang ditemukan lagi dicatat dengan menghitung stok.</Trans>
    </Consequence>
  );
}
