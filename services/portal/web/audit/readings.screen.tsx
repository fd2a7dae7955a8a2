import { Trans, useLingui } from '@lingui/react/macro';
import { useSearch } from 'wouter';
import { useScreen } from '../api/screen.ts';
import type { AuditSections } from '../api/sections.ts';
import { readFilters } from '../kit/filters.ts';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { Readings } from './audit.screen.tsx';

/** What a privacy officer looks at: who was named to whom. */
export default function ReadingsScreen() {
  const { t } = useLingui();
  const { maker } = readFilters(useSearch(), ['maker']);
  const screen = useScreen<AuditSections>('audit', { maker });
  return (
    <div className={styles.screen}>
      <Heading title={t`Pembacaan data pribadi`}>
        <Trans>Siapa membaca nama siapa, dan untuk apa.</Trans>
      </Heading>
      <Readings screen={screen} path="/readings" maker={maker} />
    </div>
  );
}
