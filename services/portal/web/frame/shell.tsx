import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { signOut } from '../api/api.ts';
import { useLive } from '../api/live.ts';
import { SESSION, type SignedIn } from '../api/session.ts';
import styles from './frame.module.css';
import { choose, chosenLanguage, useLanguage } from './language.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { navigationOf, PATHS, type Place } from './navigation.ts';
import { Brand } from './sign-in.screen.tsx';

const NAMES: Readonly<Record<Place, MessageDescriptor>> = {
  home: msg`Beranda`,
  overview: msg`Ringkasan`,
  facilities: msg`Satuan kerja`,
  sales: msg`Penjualan`,
  lots: msg`Lot`,
  makers: msg`Pembuat`,
  decisions: msg`Keputusan`,
  premi: msg`Premi dan pembayaran`,
  ledger: msg`Buku besar`,
  exceptions: msg`Selisih`,
  reports: msg`Laporan`,
  months: msg`Tutup buku`,
  audit: msg`Audit`,
  agreements: msg`Perjanjian`,
  channels: msg`Ketentuan kanal`,
  orders: msg`Pesanan`,
  settlements: msg`Laporan pencairan`,
  rejected: msg`Ditolak`,
  operations: msg`Pesan tertahan`,
  readings: msg`Pembacaan data pribadi`,
  kiosk: msg`Uang saya`,
};

/** How many entries a phone shows beside "more". */
const ON_PHONE = 3;

export function Shell({ who, children }: { readonly who: SignedIn; readonly children: ReactNode }) {
  const { t } = useLingui();
  const { words } = useLanguage();
  const client = useQueryClient();
  const places = navigationOf(who.grants);
  const leave = async () => {
    const chosen = chosenLanguage(); // what the browser keeps is cleared
    await signOut();
    if (chosen) await choose(chosen);
    client.clear();
    await client.invalidateQueries({ queryKey: SESSION });
    window.location.assign('/');
  };
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        <Trans>Langsung ke isi</Trans>
      </a>
      <header className={styles.top}>
        <Link href="/" className={styles.brandLink}>
          <Brand />
        </Link>
        <div className={styles.topRight}>
          <LiveSwitch />
          <LanguageSwitch />
          <span className={styles.person}>{who.title ? words(who.title) : who.person}</span>
          <button type="button" className={styles.leave} onClick={() => void leave()}>
            <Trans>Keluar</Trans>
          </button>
        </div>
      </header>
      <nav className={styles.navigation} aria-label={t`Menu utama`}>
        <ul>
          {places.map((place, index) => (
            <li key={place} className={index < ON_PHONE || places.length === ON_PHONE + 1 ? undefined : styles.later}>
              <Entry place={place} isHome={index === 0} />
            </li>
          ))}
          {places.length > ON_PHONE + 1 && <More places={places.slice(ON_PHONE)} />}
        </ul>
      </nav>
      <main id="content" className={styles.content} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Entry({
  place,
  isHome = false,
  onFollow,
}: {
  readonly place: Place;
  readonly isHome?: boolean;
  readonly onFollow?: () => void;
}) {
  const { i18n } = useLingui();
  const [path] = useLocation();
  const isHere =
    path === PATHS[place] || (isHome && path === '/') || (place !== 'home' && path.startsWith(`${PATHS[place]}/`));
  return (
    <Link href={PATHS[place]} aria-current={isHere ? 'page' : undefined} onClick={() => onFollow?.()}>
      {i18n._(NAMES[place])}
    </Link>
  );
}

/** What the phone's bar has no room for. */
function More({ places }: { readonly places: readonly Place[] }) {
  const details = useRef<HTMLDetailsElement>(null);
  const close = () => details.current?.removeAttribute('open');
  return (
    <li className={styles.more}>
      <details ref={details}>
        <summary>
          <Trans>Lainnya</Trans>
        </summary>
        <ul>
          {places.map((place) => (
            <li key={place}>
              <Entry place={place} onFollow={close} />
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}

/** Whether figures follow what happens, and a switch to hold them still. */
function LiveSwitch() {
  const { connected, paused, pause } = useLive();
  const { t } = useLingui();
  const state = paused ? t`Berhenti` : connected ? t`Langsung` : t`Tiap 30 detik`;
  return (
    <button
      type="button"
      className={styles.live}
      data-state={paused ? 'paused' : connected ? 'live' : 'polling'}
      aria-pressed={paused}
      aria-label={paused ? t`${state}: ikuti lagi perubahan angka` : t`${state}: hentikan perubahan angka sementara`}
      onClick={() => pause(!paused)}
    >
      {state}
    </button>
  );
}
