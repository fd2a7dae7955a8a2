import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import '@mantine/core/styles/UnstyledButton.css';
import '@mantine/core/styles/Loader.css';
import '@mantine/core/styles/Button.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/Checkbox.css';
import '@fontsource-variable/source-sans-3/wght.css';
import './frame/base.css';
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Refused } from './api/problem.ts';
import { SESSION } from './api/session.ts';
import { App } from './frame/app.tsx';
import { chosenLanguage, speak } from './frame/language.tsx';
import { theme } from './frame/theme.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content ?? '';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What a service refused it refuses again; what did not arrive may the next time.
      retry: (failures, error) => failures < 2 && !(error instanceof Refused && error.problem.status < 500),
    },
  },
});

// A session that has ended meanwhile: whoever comes back signs in, and is where he was.
client.getQueryCache().subscribe(({ query }) => {
  const { error } = query.state;
  if (error instanceof Refused && error.problem.status === 401 && query.queryKey[0] === 'screen')
    void client.invalidateQueries({ queryKey: SESSION });
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

await speak(chosenLanguage() ?? 'id');
createRoot(root).render(
  <StrictMode>
    <I18nProvider i18n={i18n}>
      <MantineProvider theme={theme} forceColorScheme="light" getStyleNonce={() => nonce}>
        <QueryClientProvider client={client}>
          <App />
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>
  </StrictMode>,
);
