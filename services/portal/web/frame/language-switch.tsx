import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import styles from './frame.module.css';
import { choose, useLanguage } from './language.tsx';

const LANGUAGES = [
  ['id', 'Bahasa Indonesia', 'ID'],
  ['en', 'English', 'EN'],
] as const;

export function LanguageSwitch() {
  const { t } = useLingui();
  const { language } = useLanguage();
  const client = useQueryClient();
  return (
    <div className={styles.languages} role="group" aria-label={t`Bahasa`}>
      {LANGUAGES.map(([code, name, short]) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-pressed={code === language}
          aria-label={`${short}, ${name}`}
          onClick={async () => {
            await choose(code);
            await client.invalidateQueries({ queryKey: ['screen'] }); // headings of reports are the ledger's
          }}
        >
          {short}
        </button>
      ))}
    </div>
  );
}
