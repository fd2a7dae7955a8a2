import { type ReactNode, useEffect, useRef } from 'react';
import styles from './kit.module.css';

/**
 * The answer to what one came for, as a sentence. It takes the focus when the screen is entered, so that whoever hears the
 * page hears the answer first; not when its figures change.
 */
export function Heading({
  children,
  title,
  about,
}: {
  readonly children: ReactNode;
  readonly title: string;
  readonly about?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    document.title = `${title} · Pasindo`;
  }, [title]);
  return (
    <header>
      <h1 ref={heading} tabIndex={-1} className={styles.heading}>
        {children}
      </h1>
      {about && <p className={styles.about}>{about}</p>}
    </header>
  );
}
