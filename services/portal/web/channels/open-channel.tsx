import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { draftsNationally, useWho } from '../api/session.ts';
import { Consequence } from '../kit/consequence.tsx';
import { Field } from '../kit/field.tsx';
import { addressOf } from '../kit/filters.ts';
import { useGlossary } from '../kit/glossary.tsx';
import kit from '../kit/kit.module.css';

/** A marketplace or shop that there was not: it sells when its terms are agreed. */
export function OpenChannel() {
  const { t } = useLingui();
  const { choices } = useGlossary();
  const [, navigate] = useLocation();
  const who = useWho();
  const kinds = choices('channelKind');
  const [channelId, setChannelId] = useState('');
  const [name, setName] = useState('');
  const [kind, setKind] = useState(kinds[0]?.value ?? '');
  if (!draftsNationally(who)) return null;
  return (
    <div className={kit.buttons}>
      <Consequence
        verb={t`Daftarkan kanal baru`}
        title={t`Kanal mana yang didaftarkan?`}
        quiet
        form={
          <>
            <Field
              label={t`Kode`}
              note={t`huruf kecil, angka, dan tanda hubung`}
              required
              value={channelId}
              onChange={setChannelId}
            />
            <Field label={t`Nama`} required value={name} onChange={setName} />
            <Field label={t`Jenis`} value={kind} choices={kinds} onChange={setKind} />
          </>
        }
        deed={() => ({ service: 'orders', path: 'channels', body: { channelId, name, kind } })}
        onDone={() => navigate(addressOf('/channels', ['channel'], { channel: channelId }))}
      >
        <Trans>
          Dari kanal ini belum diterima apa pun sampai ketentuannya disetujui. Kode, nama, dan jenisnya tidak dapat
          diubah lagi. Seorang operator memberinya sambungan: npm run kafka:access dan rahasia webhook
          (docs/OPERATING.md).
        </Trans>
      </Consequence>
    </div>
  );
}
