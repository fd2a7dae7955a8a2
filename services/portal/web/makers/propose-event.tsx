import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { has, useWho } from '../api/session.ts';
import { Consequence } from '../kit/consequence.tsx';
import { dayOf, instantOn } from '../kit/day.ts';
import { useFacilityChoice } from '../kit/facility-choice.ts';
import { Field } from '../kit/field.tsx';
import { useGlossary } from '../kit/glossary.tsx';
import kit from '../kit/kit.module.css';

const PATHS: Readonly<Record<string, string>> = {
  transfer: 'transfers',
  release: 'releases',
  freeze: 'freezes',
  unfreeze: 'unfreezes',
  merge: 'merges',
};
/** What an officer knows first; the rest is a treasurer's. */
const OFFICERS = ['release', 'freeze', 'unfreeze'];

/** Says what has happened to a maker; another person agrees. */
export function ProposeEvent({ makerId }: { readonly makerId: string }) {
  const { t } = useLingui();
  const { choices } = useGlossary();
  const who = useWho();
  const [, navigate] = useLocation();
  const own = useFacilityChoice(undefined) ?? '';
  const [type, setType] = useState('release');
  const [day, setDay] = useState(dayOf(new Date().toISOString()));
  const [reason, setReason] = useState('');
  const [because, setBecause] = useState('other');
  const [payee, setPayee] = useState('');
  const [into, setInto] = useState('');
  if (!has(who, 'officer', 'drafter')) return null;
  const types = choices('event').filter(({ value }) => has(who, 'drafter') || OFFICERS.includes(value));
  const more = { freeze: { because }, unfreeze: payee && { payee: `beneficiary:${payee}` }, merge: { into } }[type];
  return (
    <div className={kit.buttons}>
      <Consequence
        verb={t`Usulkan peristiwa`}
        title={t`Apa yang terjadi pada ${makerId}?`}
        quiet
        deed={() => ({
          service: 'ledger',
          path: `maker-events/${PATHS[type]}`,
          body: { makerId, facilityId: own, occurredAt: instantOn(day), reason, ...(more || {}) },
        })}
        onDone={(answer) => navigate(`/maker-events/${(answer as { eventId: string }).eventId}`)}
        form={
          <>
            <Field label={t`Peristiwa`} value={type} choices={types} onChange={setType} />
            {type === 'freeze' && (
              <Field label={t`Sebabnya`} value={because} choices={choices('because')} onChange={setBecause} />
            )}
            {type === 'unfreeze' && (
              <Field
                label={t`Dibayarkan kepada`}
                note={t`kosong: pembuatnya sendiri; ahli waris dengan kode, bukan nama`}
                value={payee}
                onChange={setPayee}
              />
            )}
            {type === 'merge' && (
              <Field label={t`Orang yang sama dengan, dan yang tetap ada`} value={into} required onChange={setInto} />
            )}
            <Field label={t`Terjadi pada`} type="date" value={day} required onChange={setDay} />
            <Field label={t`Alasan`} value={reason} required onChange={setReason} />
          </>
        }
      >
        <Trans>Belum ada yang berubah: orang lain menyetujui atau menolaknya. Nama tidak ditulis di sini.</Trans>
      </Consequence>
    </div>
  );
}
