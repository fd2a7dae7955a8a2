import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useScreen } from '../api/screen.ts';
import type { LotEntrySections } from '../api/sections.ts';
import { Consequence } from '../kit/consequence.tsx';
import { useFacilityChoice } from '../kit/facility-choice.ts';
import { Field } from '../kit/field.tsx';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { useNames } from '../kit/names.ts';
import { Section } from '../kit/section.tsx';
import { contributionsOf, type LotDraft } from './draft.ts';
import { TeamFields } from './team-fields.tsx';

/** Who made a lot of which nobody knew. */
export default function MakersEntryScreen({ lotId }: { readonly lotId: string }) {
  const { t } = useLingui();
  const { choices } = useGlossary();
  const [, navigate] = useLocation();
  const facilityId = useFacilityChoice(undefined);
  const screen = useScreen<LotEntrySections>('lot-entry', { facility: facilityId });
  const maker = useNames(screen.data?.sections.names);
  const [measure, setMeasure] = useState<LotDraft['measure']>('hours');
  const [values, setValues] = useState<LotDraft['values']>({});
  return (
    <div className={kit.screen}>
      <Heading
        title={t`Catat pembuat`}
        about={<Trans>Yang sudah terjual tidak berubah lagi; untuk sisanya, lot dapat dikoreksi.</Trans>}
      >
        <Trans>Siapa yang membuat lot {lotId}?</Trans>
      </Heading>
      <Section screen={screen} name="makers">
        {({ items }) => (
          <div className={kit.form}>
            <Field
              label={t`Kerja diukur dengan`}
              value={measure}
              choices={choices('measure')}
              onChange={(chosen) => setMeasure(chosen as LotDraft['measure'])}
            />
            <TeamFields team={items} measure={measure} values={values} maker={maker} onChange={setValues} />
            <div className={kit.buttons}>
              <Consequence
                verb={t`Simpan`}
                title={t`Catat pembuat lot ${lotId}?`}
                deed={() => ({
                  service: 'catalogue',
                  path: `lots/${encodeURIComponent(lotId)}/contributions`,
                  body: { measure, contributions: contributionsOf(values, measure) },
                })}
                onDone={() => navigate('/lots')}
              >
                <Trans>
                  Yang terjual sejak sekarang langsung menjadi uang mereka. Bagian dari yang sudah terjual diusulkan
                  bagi mereka, dan menunggu persetujuan.
                </Trans>
              </Consequence>
            </div>
          </div>
        )}
      </Section>
    </div>
  );
}
