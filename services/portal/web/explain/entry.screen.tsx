import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'wouter';
import { isNothing, useScreen } from '../api/screen.ts';
import type { EntrySections } from '../api/sections.ts';
import { useLanguage } from '../frame/language.tsx';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { day } from '../kit/day.ts';
import { Figure, Figures } from '../kit/figure.tsx';
import { addressOf } from '../kit/filters.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { explainAddress, orderOfSale } from '../kit/links.ts';
import { Section } from '../kit/section.tsx';
import { Status } from '../kit/status.tsx';
import styles from './explain.module.css';

/** Why an entry of the books is what it is, in one sentence of the ledger. */
export default function EntryScreen({ account, version }: { readonly account: string; readonly version: string }) {
  const { t } = useLingui();
  const { language, rp, n, words } = useLanguage();
  const { word } = useGlossary();
  const screen = useScreen<EntrySections>('entry', { account, version });
  const found = screen.data?.sections.explanation?.data;
  const amount = rp(Math.abs(found?.entry.amount ?? 0));
  if (isNothing(screen.data?.sections.explanation)) return <NothingHereScreen />;
  return (
    <div className={kit.screen}>
      <Heading
        title={t`Ayat ${account} ke-${version}`}
        about={
          <Trans>
            Ayat ke-{version} dari akun {account}
          </Trans>
        }
      >
        {found ? <Trans>Mengapa {amount}.</Trans> : <Trans>Ayat jurnal</Trans>}
      </Heading>
      <Section screen={screen} name="explanation">
        {({ entry, sentence, matches, recomputed }) => (
          <>
            <p className={styles.sentence}>{words(sentence)}</p>
            <p className={styles.proof}>
              {matches ? (
                <Status mood="good">{t`Dihitung ulang: cocok`}</Status>
              ) : (
                <span className={styles.alarm} role="alert">
                  <Trans>
                    Dihitung ulang: {recomputed === null ? '—' : rp(recomputed)}, TIDAK cocok dengan buku. Laporkan
                    segera.
                  </Trans>
                </span>
              )}
            </p>
            <Figures>
              <Figure label={entry.amount < 0 ? t`Kredit` : t`Debit`} value={amount} note={word('kind', entry.kind)} />
              <Figure label={t`Dibukukan`} value={day(entry.postedOn, language)} note={t`hari di Jakarta`} />
              {entry.runningBalance !== null && (
                <Figure
                  label={t`Saldo akun sesudahnya`}
                  value={rp(Math.abs(entry.runningBalance))}
                  note={entry.runningBalance < 0 ? t`kredit` : t`debit`}
                />
              )}
              <Figure label={t`Urutan di akun`} value={n(entry.accountVersion)} />
            </Figures>
            <p className={kit.actions} style={{ marginTop: '1rem' }}>
              <Link href={addressOf('/ledger', ['account'], { account })}>
                <Trans>Semua ayat akun ini</Trans>
              </Link>
              {['sale', 'refund'].includes(entry.kind) && entry.sourceReference.includes('@') && (
                <Link href={explainAddress(orderOfSale(entry.sourceReference))}>
                  <Trans>Seluruh pembagian penjualannya</Trans>
                </Link>
              )}
              <span className={kit.why}>{entry.sourceReference}</span>
            </p>
          </>
        )}
      </Section>
    </div>
  );
}
