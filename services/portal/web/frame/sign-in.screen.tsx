import { Trans, useLingui } from '@lingui/react/macro';
import { useLocation, useSearch } from 'wouter';
import type { DemoPerson, SignedOut } from '../api/session.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import { Icon } from '../kit/icons.tsx';
import styles from './frame.module.css';
import { useLanguage } from './language.tsx';
import { LanguageSwitch } from './language-switch.tsx';

/** Who comes in. In the demo a person is one click; elsewhere the issuer asks. */
export function SignInScreen({ session }: { readonly session: SignedOut }) {
  const { t } = useLingui();
  const [path] = useLocation();
  const search = useSearch();
  const { words } = useLanguage();
  const { word } = useGlossary();
  const grant = (text: string) => {
    const [role = '', scope = ''] = text.split('@');
    const where = scope.slice(scope.indexOf(':') + 1);
    return scope === 'national' ? t`${word('role', role)}, seluruh Indonesia` : `${word('role', role)}, ${where}`;
  };
  const hasFailed = new URLSearchParams(search).get('sign-in') === 'failed';
  const to = search && !hasFailed ? `${path}?${search}` : path;
  const address = (person?: DemoPerson) =>
    `/auth/login?${new URLSearchParams({ ...(person && { as: person.id }), to })}`;
  return (
    <main className={styles.signIn}>
      <div className={styles.signInTop}>
        <Brand />
        <LanguageSwitch />
      </div>
      <Heading
        title={t`Masuk`}
        about={
          <Trans>
            Setiap penjualan menjadi uang di rekening satuan kerja dan pembuatnya, dan setiap rupiah dapat dijelaskan.
          </Trans>
        }
      >
        {session.demo ? (
          <Trans>Anda masuk sebagai siapa?</Trans>
        ) : (
          <Trans>Masuk untuk melihat uang Anda dan memutuskannya.</Trans>
        )}
      </Heading>
      {hasFailed && (
        <p role="alert" className={styles.failed}>
          <Trans>Masuk tidak berhasil. Coba sekali lagi.</Trans>
        </p>
      )}
      {session.demo ? (
        <>
          <ul className={styles.persons}>
            {session.persons?.map((person) => (
              <li key={person.id}>
                <a href={address(person)}>
                  <span>
                    <strong>{words(person.title)}</strong>
                    <small>{person.grants.map(grant).join(', ')}</small>
                  </span>
                  <Icon name="right" />
                </a>
              </li>
            ))}
          </ul>
          <p className={styles.demoNote}>
            <Trans>Ini contoh: orang-orang ini tidak nyata, dan siapa pun dapat masuk sebagai mereka.</Trans>
          </p>
        </>
      ) : (
        <p>
          <a className={styles.signInButton} href={address()}>
            <Trans>Masuk</Trans>
          </a>
        </p>
      )}
    </main>
  );
}

export function Brand() {
  return (
    <span className={styles.brand}>
      <svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="7" fill="var(--accent)" />
        <path d="M8 9h9a6 6 0 0 1 0 12h-4v4M13 9v12" fill="none" stroke="#fff" strokeWidth="3" />
        <path d="M21 25h4" stroke="#e2a24a" strokeWidth="3" />
      </svg>
      Pasindo
    </span>
  );
}
