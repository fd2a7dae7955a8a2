import { Suspense, useEffect } from 'react';
import { LiveContext, useFeed } from '../api/live.ts';
import { type SignedIn, useSession } from '../api/session.ts';
import { ErrorBoundary } from '../kit/error-boundary.tsx';
import { Failed } from '../kit/failed.tsx';
import { Skeleton } from '../kit/section.tsx';
import styles from './frame.module.css';
import { chosenLanguage, speak } from './language.tsx';
import { Routes } from './routes.tsx';
import { Shell } from './shell.tsx';
import { SignInScreen } from './sign-in.screen.tsx';

export function App() {
  const { data: session, error, refetch } = useSession();
  const locale = session?.signedIn ? session.locale : undefined;
  useEffect(() => {
    if (locale && !chosenLanguage()) void speak(locale);
  }, [locale]);
  if (session?.signedIn) return <SignedInApp who={session} />;
  if (session) return <SignInScreen session={session} />;
  return <main className={styles.waiting}>{error ? <Failed error={error} retry={refetch} /> : <Skeleton />}</main>;
}

function SignedInApp({ who }: { readonly who: SignedIn }) {
  const live = useFeed();
  return (
    <LiveContext value={live}>
      <Shell who={who}>
        <ErrorBoundary>
          <Suspense fallback={<Skeleton />}>
            <Routes who={who} />
          </Suspense>
        </ErrorBoundary>
      </Shell>
    </LiveContext>
  );
}
