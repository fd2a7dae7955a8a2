import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link } from 'wouter';
import type { Agreement } from '../api/answers.ts';
import { useScreen } from '../api/screen.ts';
import type { AgreementsSections } from '../api/sections.ts';
import { draftsNationally, type SignedIn, useWho } from '../api/session.ts';
import { WhatApprovalDoes } from '../decisions/decisions.screen.tsx';
import { Steps } from '../decisions/steps.tsx';
import { useLanguage } from '../frame/language.tsx';
import { day, dayOf } from '../kit/day.ts';
import { State, useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { percentage } from '../kit/money.ts';
import { PageTable } from '../kit/page-table.tsx';
import { Section } from '../kit/section.tsx';
import { type Share, sharesOf } from './shares.ts';

/** They try a version on past sales, and read the terms of channels. */
const oversees = (who: SignedIn) =>
  who.grants.some(
    ({ role, kind }) => role === 'auditor' || ((role === 'drafter' || role === 'approver') && kind === 'national'),
  );

/** Which agreements share sales, who decided them, and from when. */
export default function AgreementsScreen() {
  const { t } = useLingui();
  const who = useWho();
  const screen = useScreen<AgreementsSections>('agreements', {});
  const found = screen.data?.sections.agreements?.data;
  const inForce = found?.items.filter(({ status }) => status === 'approved').length ?? 0;
  return (
    <div className={styles.screen}>
      <Heading title={t`Perjanjian`}>
        {!found ? (
          <Trans>Perjanjian bagi hasil</Trans>
        ) : (
          <Trans>
            <Plural value={inForce} other="# perjanjian bagi hasil" /> disetujui.
          </Trans>
        )}
      </Heading>
      {oversees(who) && (
        <p className={styles.actions} style={{ margin: 0 }}>
          {draftsNationally(who) && (
            <Button component={Link} href="/agreements/new">
              <Trans>Perjanjian baru</Trans>
            </Button>
          )}
          <Button component={Link} href="/channels" variant="default">
            <Trans>Ketentuan kanal</Trans>
          </Button>
        </p>
      )}
      <Section screen={screen} name="agreements" bare>
        {({ items }) => (
          <div className={styles.pair}>
            {items.map((agreement) => (
              <Version key={`${agreement.id} ${agreement.version}`} agreement={agreement} />
            ))}
          </div>
        )}
      </Section>
    </div>
  );
}

function Version({ agreement }: { readonly agreement: Agreement }) {
  const { t } = useLingui();
  const { language, words } = useLanguage();
  const who = useWho();
  const address = `/agreements/${encodeURIComponent(agreement.id)}/${agreement.version}`;
  const { word } = useGlossary();
  const { id, version, scope, status, effectiveFrom, effectiveUntil, definition, problems, warnings } = agreement;
  const from = day(dayOf(effectiveFrom), language);
  const until = effectiveUntil && day(dayOf(effectiveUntil), language);
  const where = scope.id ?? t`seluruh Indonesia`;
  const about = (share: Share) => (share.rate === 'rest' ? t`sisanya` : percentage(share.rate, language));
  return (
    <section className={styles.section} aria-label={`${id} ${version}`}>
      <h2 className={styles.sectionTitle}>
        <Trans>
          {id} versi {version}
        </Trans>
      </h2>
      <p className={styles.note}>
        <State topic="decision" of={status} /> · {where} ·{' '}
        {until ? (
          <Trans>
            {from} sampai {until}
          </Trans>
        ) : (
          <Trans>sejak {from}</Trans>
        )}
      </p>
      <PageTable
        caption={<Trans>Siapa mendapat berapa bagian</Trans>}
        rows={sharesOf(definition)}
        rowKey={({ step, to }) => `${step} ${to}`}
        columns={[
          { key: 'to', heading: t`Kepada`, cell: ({ to }) => word('owner', to === 'makers' ? 'maker' : to) },
          { key: 'rate', heading: t`Bagian`, align: 'right', cell: about },
          { key: 'step', heading: t`Langkah`, cell: ({ step }) => step },
        ]}
      />
      {[...problems, ...warnings].map(({ step, message }) => (
        <p key={`${step} ${message.id}`} className={styles.problem}>
          {step && <strong>{step}: </strong>}
          {words(message)}
        </p>
      ))}
      <p className={styles.buttons}>
        {oversees(who) && (
          <Button component={Link} href={`${address}/simulate`} variant="default">
            <Trans>Simulasikan</Trans>
          </Button>
        )}
        {draftsNationally(who) && (
          <Button component={Link} href={`${address}/edit`} variant="default">
            <Trans>Versi berikutnya</Trans>
          </Button>
        )}
      </p>
      <Steps
        actions={agreement.actions ?? []}
        path={`agreements/${encodeURIComponent(id)}/${version}`}
        consequence={<WhatApprovalDoes kind="agreement" />}
      />
    </section>
  );
}
