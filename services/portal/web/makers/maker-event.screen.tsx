import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'wouter';
import type { MakerEvent } from '../api/answers.ts';
import { isNothing, useScreen } from '../api/screen.ts';
import type { MakerEventSections } from '../api/sections.ts';
import { WhatApprovalDoes } from '../decisions/decisions.screen.tsx';
import { statusOf } from '../decisions/status.ts';
import { Steps } from '../decisions/steps.tsx';
import { useLanguage } from '../frame/language.tsx';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { day, dayOf, moment } from '../kit/day.ts';
import { State, useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { useFacilityNames, useNames } from '../kit/names.ts';
import { Section } from '../kit/section.tsx';

/** What somebody says has happened to a maker. */
export default function MakerEventScreen({ eventId }: { readonly eventId: string }) {
  const { t } = useLingui();
  const { language } = useLanguage();
  const { word } = useGlossary();
  const facility = useFacilityNames();
  const screen = useScreen<MakerEventSections>('maker-event', { id: eventId });
  const sections = screen.data?.sections;
  const found = sections?.event?.data;
  const name = useNames(sections?.names)(found?.makerId ?? '');
  if (isNothing(sections?.event)) return <NothingHereScreen />;
  const type = found ? word('event', found.type) : '';
  return (
    <div className={kit.screen}>
      <Heading
        title={t`Peristiwa pembuat`}
        about={
          found && (
            <Trans>
              Diusulkan {found.createdBy}, {moment(found.createdAt, language)}
            </Trans>
          )
        }
      >
        {found ? (
          <Trans>
            {name}: {type}.
          </Trans>
        ) : (
          <Trans>Peristiwa pembuat</Trans>
        )}
      </Heading>
      <Section screen={screen} name="event">
        {(event) => (
          <>
            <p className={kit.note}>
              <State topic="decision" of={statusOf(event)} /> · {facility(event.facilityId)} ·{' '}
              {day(dayOf(event.occurredAt), language)} · {event.reason}
            </p>
            <Details event={event} />
            <Steps
              actions={event.actions ?? []}
              path={`maker-events/${eventId}`}
              consequence={<WhatApprovalDoes kind="maker-event" />}
            />
          </>
        )}
      </Section>
    </div>
  );
}

function Details({ event: { makerId, content } }: { readonly event: MakerEvent }) {
  const { word } = useGlossary();
  const { because, payee, into } = content;
  return (
    <ul>
      <li>
        <Link href={`/makers/${encodeURIComponent(makerId)}`}>{makerId}</Link>
      </li>
      {because && <li>{word('because', because)}</li>}
      {payee && (
        <li>
          <Trans>Dibayarkan kepada {payee}</Trans>
        </li>
      )}
      {into && (
        <li>
          <Trans>Orang yang sama dengan {into}, yang tetap ada</Trans>
        </li>
      )}
    </ul>
  );
}
