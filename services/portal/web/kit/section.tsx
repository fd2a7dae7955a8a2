import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useId } from 'react';
import { Refused } from '../api/problem.ts';
import type { Part, Screen } from '../api/screen.ts';
import { useLanguage } from '../frame/language.tsx';
import { clock } from './day.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Failed } from './failed.tsx';
import styles from './kit.module.css';

interface SectionOf<Sections, Name extends keyof Sections> {
  readonly screen: Screen<Sections>;
  readonly name: Name;
  readonly title?: ReactNode;
  /** Without a frame of its own. */
  readonly bare?: boolean;
  /** Below its data, and still there while they are not. */
  readonly after?: ReactNode;
  readonly children: (data: NonNullable<Sections[Name]>) => ReactNode;
}

/** A part of a screen, whatever becomes of it: on its way, there, from earlier, or not to be had. Others stand beside it. */
export function Section<Sections, Name extends keyof Sections>({
  screen,
  name,
  title,
  bare,
  after,
  children,
}: SectionOf<Sections, Name>) {
  const id = useId();
  const part: Part<Sections[Name]> | undefined = screen.data?.sections[name];
  if (part?.state === 'forbidden') return null;
  return (
    <section className={bare ? styles.bare : styles.section} aria-labelledby={title ? id : undefined}>
      {title && (
        <h2 id={id} className={styles.sectionTitle}>
          {title}
        </h2>
      )}
      <ErrorBoundary>
        <Body part={part} screen={screen}>
          {children}
        </Body>
        {after}
      </ErrorBoundary>
    </section>
  );
}

function Body<Data, Sections>({
  part,
  screen,
  children,
}: {
  readonly part: Part<Data> | undefined;
  readonly screen: Screen<Sections>;
  readonly children: (data: NonNullable<Data>) => ReactNode;
}) {
  const { language } = useLanguage();
  if (!part) return screen.isError ? <Failed error={screen.error} retry={screen.refetch} /> : <Skeleton />;
  if (part.data == null) return <Failed error={new Refused(part.problem ?? { status: 503 })} retry={screen.refetch} />;
  if (part.state !== 'stale') return children(part.data);
  const at = part.asOf ? clock(part.asOf, language) : '';
  return (
    <div className={styles.stale}>
      <p className={styles.staleNote}>
        <Trans>Data pukul {at}</Trans>
      </p>
      {children(part.data)}
    </div>
  );
}

export function Skeleton() {
  const { t } = useLingui();
  return (
    <div className={styles.skeleton} role="status" aria-label={t`Memuat`}>
      <span />
      <span />
      <span />
    </div>
  );
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className={styles.empty}>{children}</p>;
}
