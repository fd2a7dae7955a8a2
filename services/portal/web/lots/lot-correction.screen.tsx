import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Lot } from '../api/answers.ts';
import { isNothing, useScreen } from '../api/screen.ts';
import type { LotCorrectionSections } from '../api/sections.ts';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { Field } from '../kit/field.tsx';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { useNames } from '../kit/names.ts';
import { Section } from '../kit/section.tsx';
import { wholeOf } from '../kit/written.ts';
import { contributionsOf, type LotDraft } from './draft.ts';
import { TeamFields } from './team-fields.tsx';

/** What a lot should have been: its next version. */
export default function LotCorrectionScreen({ lotId }: { readonly lotId: string }) {
  const { t } = useLingui();
  const screen = useScreen<LotCorrectionSections>('lot-correction', { lot: lotId });
  if (isNothing(screen.data?.sections.lot)) return <NothingHereScreen />;
  return (
    <div className={kit.screen}>
      <Heading title={t`Koreksi lot`}>
        <Trans>Apa yang seharusnya tercatat tentang lot {lotId}?</Trans>
      </Heading>
      <Section screen={screen} name="lot">
        {(lot) => <Form key={lot.version} lot={lot} screen={screen} />}
      </Section>
    </div>
  );
}

function Form({
  lot,
  screen,
}: {
  readonly lot: Lot;
  readonly screen: ReturnType<typeof useScreen<LotCorrectionSections>>;
}) {
  const { t } = useLingui();
  const { choices } = useGlossary();
  const [, navigate] = useLocation();
  const { lotId, version } = lot;
  const sections = screen.data?.sections;
  const maker = useNames(sections?.names);
  const [quantity, setQuantity] = useState(String(lot.quantity));
  const [unitCost, setUnitCost] = useState(String(lot.unitCost));
  const [madeOn, setMadeOn] = useState(lot.madeOn);
  const [measure, setMeasure] = useState(lot.measure);
  const [values, setValues] = useState<LotDraft['values']>(() =>
    Object.fromEntries(lot.contributions.map(({ makerId, value }) => [makerId, value])),
  );
  const [reason, setReason] = useState('');
  // Who made it may be elsewhere by now.
  const ofFacility = sections?.makers?.data?.items.filter(({ facilityId }) => facilityId === lot.facilityId) ?? [];
  const makerIds = [...lot.contributions, ...ofFacility].map(({ makerId }) => makerId);
  const team = [...new Set(makerIds)].map((makerId) => ({ makerId }));
  return (
    <div className={kit.form}>
      <Field label={t`Berapa buah`} inputMode="numeric" required value={quantity} onChange={setQuantity} />
      <Field
        label={t`Biaya produksi sebuah, dalam rupiah`}
        inputMode="numeric"
        required
        value={unitCost}
        onChange={setUnitCost}
      />
      <Field label={t`Selesai pada`} type="date" required value={madeOn} onChange={setMadeOn} />
      <Field
        label={t`Kerja diukur dengan`}
        value={measure}
        choices={choices('measure')}
        onChange={(chosen) => setMeasure(chosen as Lot['measure'])}
      />
      <TeamFields team={team} measure={measure} values={values} maker={maker} onChange={setValues} />
      <Field label={t`Alasan`} required value={reason} onChange={setReason} />
      <div className={kit.buttons}>
        <Consequence
          verb={t`Simpan`}
          title={t`Koreksi lot ${lotId}?`}
          deed={() => ({
            service: 'catalogue',
            path: `lots/${encodeURIComponent(lotId)}/versions`,
            body: {
              ...{ version, quantity: wholeOf(quantity), unitCost: wholeOf(unitCost), madeOn, measure, reason },
              contributions: contributionsOf(values, measure),
            },
          })}
          onDone={() => navigate(`/lots/${encodeURIComponent(lotId)}`)}
        >
          <Trans>
            Berlaku untuk yang belum dipesan. Yang sudah terjual tetap seperti dahulu; itu hanya berubah dengan koreksi
            pembukuan oleh dua orang.
          </Trans>
        </Consequence>
      </div>
    </div>
  );
}
