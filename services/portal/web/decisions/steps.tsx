import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import type { Action } from '../api/answers.ts';
import type { Service } from '../api/api.ts';
import { useLanguage } from '../frame/language.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { Field } from '../kit/field.tsx';
import styles from '../kit/kit.module.css';

interface StepsOf {
  readonly actions: readonly Action[];
  readonly service?: Service;
  /** Of what is decided about: `payouts/1`. */
  readonly path: string;
  /** As words: what the buttons repeat, "Rp261.249". */
  readonly amount?: string | undefined;
  /** What approving does, to whom, and whether it can be undone. */
  readonly consequence: ReactNode;
  /** Whether its steps take a body: the review of a payout leaves items out. */
  readonly reviewBody?: () => unknown;
}

/** What whoever reads this may do with something that two people decide, and why not what he may not. */
export function Steps({ actions, service = 'ledger', path, amount = '', consequence, reviewBody }: StepsOf) {
  const { t } = useLingui();
  const { words } = useLanguage();
  const [reason, setReason] = useState('');
  const of = (name: string) => actions.find((action) => action.name === name && action.allowed);
  const forbidden = actions.filter(
    ({ name, allowed, why }) => !allowed && why && ['approval', 'review'].includes(name),
  );
  const post = (name: string, body: unknown = {}) => ({ service, path: `${path}/${name}`, body });
  const because = <Field label={t`Alasan`} required value={reason} onChange={setReason} />;
  return (
    <>
      <div className={styles.buttons}>
        {of('withdrawal') && (
          <Consequence verb={t`Tarik`} title={t`Tarik usulan ini?`} quiet deed={() => post('withdrawal')}>
            <Trans>Usulan Anda berakhir; tidak ada uang yang berpindah. Anda dapat mengusulkan lagi.</Trans>
          </Consequence>
        )}
        {of('rejection') && (
          <Consequence
            verb={t`Tolak`}
            title={t`Tolak usulan ini?`}
            quiet
            danger
            form={because}
            deed={() => post('rejection', { reason })}
          >
            <Trans>
              Pengusulnya melihat alasan Anda. Tidak ada uang yang berpindah, dan penolakan tidak dapat dibatalkan.
            </Trans>
          </Consequence>
        )}
        {of('review') && (
          <Consequence
            verb={t`Teruskan ke persetujuan`}
            title={t`Selesai meninjau?`}
            deed={() => post('review', reviewBody?.() ?? {})}
          >
            <Trans>Usulan menunggu persetujuan orang lain. Yang tidak ikut tetap tersedia bagi pemiliknya.</Trans>
          </Consequence>
        )}
        {of('approval') && (
          <Consequence
            verb={t`Setujui ${amount}`.trim()}
            title={t`Setujui ${amount}?`.replace(' ?', '?')}
            deed={() => post('approval')}
          >
            {consequence}
          </Consequence>
        )}
      </div>
      {forbidden.map(({ name, why }) => (
        <p key={name} className={styles.why}>
          {why && words(why.message)}
        </p>
      ))}
    </>
  );
}
