import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Exception } from '../api/answers.ts';
import { draftsNationally, has, useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { moment } from '../kit/day.ts';
import { Field } from '../kit/field.tsx';
import { useGlossary } from '../kit/glossary.tsx';
import styles from '../kit/kit.module.css';
import { facilityChoices } from '../kit/names.ts';

/** What whoever reads it may do so that an exception ends. */
export function Resolutions(exception: Exception) {
  const who = useWho();
  const { actions } = exception;
  const isDrafter = draftsNationally(who);
  return (
    <>
      {actions.includes('accept') && has(who, 'drafter') && <AcceptDifference {...exception} />}
      {actions.includes('allocate') && isDrafter && <AssignHeld {...exception} />}
      {actions.includes('redrive') && (isDrafter || has(who, 'operator')) && <Redrive {...exception} />}
      {actions.includes('discard') && isDrafter && <Discard {...exception} />}
    </>
  );
}

/** What somebody has proposed: who decides about it reads it among the decisions, or as the adjustment that it is. */
export function Proposed({ kind, id, by, at, reason }: NonNullable<Exception['proposal']>) {
  const { language } = useLanguage();
  const who = useWho();
  const when = moment(at, language);
  const words = (
    <Trans>
      Usulan {by}, {when}, menunggu keputusan orang lain
    </Trans>
  );
  return (
    <p className={styles.why}>
      {has(who, 'drafter', 'approver', 'auditor') ? (
        <Link href={kind === 'adjustment' ? `/adjustments/${id}` : '/decisions?kind=refused-event'}>{words}</Link>
      ) : (
        words
      )}
      : {reason}
    </p>
  );
}

/** What a channel's settlements of a sale do not come to is let be: one proposes it, another person agrees. */
function AcceptDifference({ kind, reference, facilityId, amount }: Exception) {
  const { t } = useLingui();
  const { rp } = useLanguage();
  const { word } = useGlossary();
  const [, navigate] = useLocation();
  const [reason, setReason] = useState('');
  const open = rp(amount ?? 0);
  const why = word('exception', kind);
  return (
    <Consequence
      verb={t`Terima selisih ${open}`}
      title={t`Terima selisih penjualan ${reference}?`}
      quiet
      form={<Field label={t`Alasan`} required value={reason} onChange={setReason} />}
      deed={(occurredAt) => ({
        service: 'ledger',
        path: 'adjustments/differences',
        body: { facilityId, saleId: reference, occurredAt, reason },
      })}
      onDone={(answer) => navigate(`/adjustments/${(answer as { adjustmentId: string }).adjustmentId}`)}
    >
      <Trans>
        Kanal masih memegang {open} ({why}). Bila orang lain menyetujui, jumlah itu tidak ditunggu lagi: di luar biaya
        yang sudah diperkirakan, ia menjadi selisih dalam buku satuan kerja, dan yang belum cair dari penjualan ini
        menjadi cair.
      </Trans>
    </Consequence>
  );
}

/** What a channel paid out of an order that is not there is a facility's: one proposes it, another person agrees. */
function AssignHeld({ reference, amount }: Exception) {
  const { t } = useLingui();
  const { rp } = useLanguage();
  const { facilities } = useWho();
  const [, navigate] = useLocation();
  const [facilityId, setFacility] = useState(facilities[0]?.facilityId ?? '');
  const [reason, setReason] = useState('');
  const held = rp(amount ?? 0);
  return (
    <Consequence
      verb={t`Berikan ${held}`}
      title={t`Berikan yang ditahan kepada satuan kerja?`}
      quiet
      form={
        <>
          <Field
            label={t`Satuan kerja`}
            value={facilityId}
            choices={facilityChoices(facilities)}
            onChange={setFacility}
          />
          <Field label={t`Alasan`} required value={reason} onChange={setReason} />
        </>
      }
      deed={() => ({
        service: 'ledger',
        path: `holds/${encodeURIComponent(reference)}/assignment`,
        body: { facilityId, reason },
      })}
      onDone={(answer) => navigate(`/adjustments/${(answer as { adjustmentId: string }).adjustmentId}`)}
    >
      <Trans>
        Kanal mencairkan {held} dari pesanan yang tidak ada ({reference}). Bila orang lain menyetujui, jumlah itu,
        dikurangi yang dipotong kanal, menjadi bagian satuan kerja yang sudah cair. Bila pesanannya tetap datang, itu
        dibatalkan sendiri dan dibagi seperti pesanan lain.
      </Trans>
    </Consequence>
  );
}

/** What the books refused is posted after all, when what was missing has come. */
function Redrive({ reference }: Exception) {
  const { t } = useLingui();
  const [reason, setReason] = useState('');
  return (
    <Consequence
      verb={t`Bukukan lagi`}
      title={t`Bukukan lagi pesan ini?`}
      quiet
      form={<Field label={t`Alasan`} required value={reason} onChange={setReason} />}
      deed={() => ({ service: 'ledger', path: `refused-events/${reference}/redrive`, body: { reason } })}
    >
      <Trans>
        Pesan dibukukan seolah-olah baru datang, karena yang kurang sudah ada. Bila buku menolaknya lagi, tidak ada yang
        berubah. Yang sudah dibukukan tidak dapat dihapus.
      </Trans>
    </Consequence>
  );
}

/** What the books refused is given up: one proposes it, another person agrees. */
function Discard({ reference }: Exception) {
  const { t } = useLingui();
  const [reason, setReason] = useState('');
  return (
    <Consequence
      verb={t`Usulkan dibuang`}
      title={t`Usulkan pesan ini dibuang?`}
      quiet
      danger
      form={<Field label={t`Alasan`} required value={reason} onChange={setReason} />}
      deed={() => ({ service: 'ledger', path: `refused-events/${reference}/discard`, body: { reason } })}
    >
      <Trans>
        Bila orang lain menyetujui, tidak ada yang dibukukan untuk pesan ini. Sampai diputuskan ia tidak dapat dibukukan
        lagi; Anda dapat menarik usulan Anda.
      </Trans>
    </Consequence>
  );
}
