import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { exportAddress, signOut } from '../api/api.ts';
import { useScreen } from '../api/screen.ts';
import type { KioskSections } from '../api/sections.ts';
import { useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { day } from '../kit/day.ts';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { useTitles } from '../kit/names.ts';
import { Empty, Section } from '../kit/section.tsx';
import styles from './kiosk.module.css';

/** A shared device: whoever walks away leaves nothing on it. */
const ENDS_AFTER_S = 90;

/** A maker's own money and why, on a device that others watch: hidden until it is touched, and without a name. */
export default function KioskScreen() {
  const { t } = useLingui();
  const who = useWho();
  const [isOpen, open] = useState(false);
  const client = useQueryClient();
  const end = useCallback(async () => {
    await signOut();
    client.clear();
    window.location.assign('/');
  }, [client]);
  const makerId = who.grants.find(({ kind }) => kind === 'maker')?.id ?? undefined;
  return (
    <div className={styles.kiosk}>
      {isOpen ? (
        <Mine makerId={makerId} end={end} />
      ) : (
        <>
          <Heading title={t`Uang saya`}>
            <Trans>Sentuh untuk melihat uang Anda.</Trans>
          </Heading>
          <button type="button" className={styles.touch} onClick={() => open(true)}>
            <Trans>Lihat uang saya</Trans>
          </button>
        </>
      )}
    </div>
  );
}

function Mine({ makerId, end }: { readonly makerId: string | undefined; readonly end: () => Promise<void> }) {
  const { t } = useLingui();
  const { language, rp, words } = useLanguage();
  const screen = useScreen<KioskSections>('kiosk', { maker: makerId });
  const balances = screen.data?.sections.balances?.data;
  const title = useTitles(screen.data?.sections.titles);
  const left = useCountdown(ENDS_AFTER_S, end);
  const pending = rp(balances?.pending ?? 0);
  const available = rp(balances?.available ?? 0);
  return (
    <>
      <Heading title={t`Uang saya`}>
        {!balances ? (
          <Trans>Uang Anda</Trans>
        ) : (
          <Trans>
            {pending} belum cair, {available} sudah cair.
          </Trans>
        )}
      </Heading>
      <Section screen={screen} name="balances" bare>
        {(found) => (
          <dl className={styles.balances}>
            <Balance label={t`Belum cair`} value={rp(found.pending)} />
            <Balance label={t`Sudah cair`} value={rp(found.available)} />
            {found.reserved !== 0 && <Balance label={t`Sedang dibayarkan`} value={rp(found.reserved)} />}
            {found.savings !== 0 && <Balance label={t`Tabungan`} value={rp(found.savings)} />}
            {found.receivable !== 0 && <Balance label={t`Harus dikembalikan`} value={rp(found.receivable)} />}
          </dl>
        )}
      </Section>
      {balances && balances.total !== 0 && (
        <p className={styles.when}>
          <Trans>
            Yang belum cair masih di kanal penjualan; ia menjadi cair begitu kanal membayar. Yang sudah cair dapat
            dibayarkan kepada Anda pada pembayaran berikutnya.
          </Trans>
        </p>
      )}
      <Section screen={screen} name="story" title={<Trans>Dari mana</Trans>} bare>
        {({ items }) => (
          <>
            {items.length === 0 ? (
              <Empty>
                <Trans>Belum ada barang Anda yang terjual bulan ini.</Trans>
              </Empty>
            ) : (
              <ul className={styles.reasons}>
                {items.map((item) => (
                  <li key={`${item.account} ${item.version}`}>
                    <span className={styles.head}>
                      <span>
                        {item.sku === null ? '' : title(item.sku)} <small>{day(item.postedOn, language)}</small>
                      </span>
                      <strong className="figures">{rp(item.amount)}</strong>
                    </span>
                    <span>{words(item.plain)}</span>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Section>
      <div className={styles.foot}>
        {makerId && (
          <a
            className={styles.print}
            href={exportAddress('ledger', `makers/${encodeURIComponent(makerId)}/statement`, {
              format: 'pdf',
            })}
            target="_blank"
            rel="noreferrer"
          >
            <Trans>Cetak</Trans>
          </a>
        )}
        <button type="button" className={styles.done} onClick={() => void end()}>
          <Trans>Selesai ({left})</Trans>
        </button>
      </div>
      <p className={kit.why}>
        <Trans>Layar ini menutup sendiri jika tidak disentuh.</Trans>
      </p>
    </>
  );
}

function Balance({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="figures">{value}</dd>
    </div>
  );
}

/** Seconds that are left; a touch or a key begins them anew. */
function useCountdown(seconds: number, end: () => Promise<void>): number {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    let endsAt = Date.now() + seconds * 1000;
    const touch = () => {
      endsAt = Date.now() + seconds * 1000;
      setLeft(seconds);
    };
    const tick = setInterval(() => {
      const remaining = Math.ceil((endsAt - Date.now()) / 1000); // a device that slept has counted all the same
      setLeft(Math.max(0, remaining));
      if (remaining <= 0) {
        clearInterval(tick);
        void end();
      }
    }, 1000);
    window.addEventListener('pointerdown', touch);
    window.addEventListener('keydown', touch);
    return () => {
      clearInterval(tick);
      window.removeEventListener('pointerdown', touch);
      window.removeEventListener('keydown', touch);
    };
  }, [seconds, end]);
  return left;
}
