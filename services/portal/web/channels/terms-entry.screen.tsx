import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { isNothing, useLast, useScreen } from '../api/screen.ts';
import type { ChannelSections } from '../api/sections.ts';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { firstDayOf, monthAfter, thisMonth } from '../kit/day.ts';
import { Field } from '../kit/field.tsx';
import { addressOf } from '../kit/filters.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { Section } from '../kit/section.tsx';
import { bodyOf, draftOf, type FeeDraft, newFee, noTerms, type TermsDraft } from './draft.ts';
import { nextVersion, termsAfter, termsAt } from './versions.ts';

const TWO_DAYS_MS = 2 * 86_400_000;

/** Of a month that is still two days ahead: terms begin more than a day after their approval. */
const nextStart = () => firstDayOf(monthAfter(thisMonth(new Date(Date.now() + TWO_DAYS_MS)), 1));

/** The next version of a channel's terms, written from those in force. */
export default function TermsEntryScreen({ channelId }: { readonly channelId: string }) {
  const screen = useScreen<ChannelSections>('channel', { channel: channelId });
  const versions = useLast(screen.data?.sections.terms);
  if (isNothing(screen.data?.sections.terms)) return <NothingHereScreen />;
  if (!versions) {
    return (
      <Section screen={screen} name="terms" bare>
        {() => null}
      </Section>
    );
  }
  const now = new Date().toISOString();
  const from = termsAfter(versions, now).at(-1) ?? termsAt(versions, now);
  const start = draftOf(from?.terms ?? noTerms, nextStart());
  return <Form channelId={channelId} version={nextVersion(versions)} start={start} />;
}

function Form({
  channelId,
  version,
  start,
}: {
  readonly channelId: string;
  readonly version: number;
  readonly start: TermsDraft;
}) {
  const { t } = useLingui();
  const { choices } = useGlossary();
  const [, navigate] = useLocation();
  const [draft, setDraft] = useState(start);
  const [proposed, propose] = useState(version); // asked twice, it is one version, though a list has it by then
  const change = (part: Partial<TermsDraft>) => setDraft({ ...draft, ...part });
  return (
    <div className={kit.screen}>
      <Heading
        title={t`Ketentuan ${channelId}`}
        about={<Trans>Belum ada yang disimpan. Orang lain menyetujuinya kemudian.</Trans>}
      >
        <Trans>
          Apa yang dipungut dan ditanggung {channelId} menurut versi {version}?
        </Trans>
      </Heading>
      <section className={kit.section} aria-label={t`Ketentuan versi ${version}`}>
        <div className={kit.form}>
          <Field
            label={t`Bagi pesanan sejak`}
            note={t`lebih dari sehari sesudah disetujui`}
            type="date"
            required
            value={draft.from}
            onChange={(from) => change({ from })}
          />
          <Field
            label={t`Potongan harga yang ditanggung penjual, dalam persen`}
            required
            value={draft.sellersPartOfDiscount}
            onChange={(sellersPartOfDiscount) => change({ sellersPartOfDiscount })}
          />
          <Field
            label={t`Ongkos kirim ditanggung`}
            value={draft.shippingBorneBy}
            choices={choices('bearer')}
            onChange={(shippingBorneBy) => change({ shippingBorneBy })}
          />
        </div>
        <Fees fees={draft.fees} onChange={(fees) => change({ fees })} />
        <div className={kit.form}>
          <Field
            label={t`Cair sesudah berapa hari`}
            note={t`kosong: begitu kanal melaporkan pencairan`}
            inputMode="numeric"
            value={draft.returnWindow}
            onChange={(returnWindow) => change({ returnWindow })}
          />
          <Field
            label={t`Paling lambat dibayar kanal, dalam hari`}
            note={t`kosong: 14 hari`}
            inputMode="numeric"
            value={draft.settlesWithin}
            onChange={(settlesWithin) => change({ settlesWithin })}
          />
          <Field
            label={t`Pencairan boleh berbeda, dalam persen`}
            note={t`kosong: harus cocok`}
            value={draft.tolerance}
            onChange={(tolerance) => change({ tolerance })}
          />
          <Field
            label={t`Paling banyak berbeda, dalam rupiah`}
            inputMode="numeric"
            value={draft.toleranceMost}
            onChange={(toleranceMost) => change({ toleranceMost })}
          />
          <Field
            label={t`Kabar pesanan dikirim ke`}
            note={t`kosong: tidak dikirim`}
            type="url"
            value={draft.outcomesTo}
            onChange={(outcomesTo) => change({ outcomesTo })}
          />
        </div>
        <div className={kit.buttons}>
          <Consequence
            verb={t`Usulkan`}
            title={t`Usulkan ketentuan versi ${proposed}?`}
            onOpen={() => propose(version)}
            deed={() => ({ service: 'orders', path: `channels/${channelId}/terms`, body: bodyOf(draft, proposed) })}
            onDone={() => navigate(addressOf('/channels', ['channel'], { channel: channelId }))}
          >
            <Trans>
              Usulan ini tidak dapat disunting lagi, hanya ditarik. Ia berlaku sesudah orang lain menyetujuinya.
            </Trans>
          </Consequence>
        </div>
      </section>
    </div>
  );
}

function Fees({
  fees,
  onChange,
}: {
  readonly fees: readonly FeeDraft[];
  readonly onChange: (fees: readonly FeeDraft[]) => void;
}) {
  const { t } = useLingui();
  const fields: readonly (readonly [Exclude<keyof FeeDraft, 'key'>, string, string?])[] = [
    ['name', t`Nama biaya`],
    ['rate', t`Persen dari harga`, t`atau tiap golongan barang: A 8; B 5,75; * 4,25`],
    ['fixed', t`Ditambah, dalam rupiah`],
    ['min', t`Paling sedikit, dalam rupiah`],
    ['max', t`Paling banyak, dalam rupiah`],
    ['vat', t`PPN biaya, dalam persen`],
  ];
  return (
    <>
      {fees.map((fee, index) => (
        <fieldset key={fee.key} className={kit.fields}>
          <legend>
            <Trans>Biaya {index + 1}</Trans>
          </legend>
          {fields.map(([name, label, note]) => (
            <Field
              key={name}
              label={label}
              note={note}
              required={name === 'name'}
              value={fee[name]}
              onChange={(value) => onChange(fees.map((each) => (each === fee ? { ...fee, [name]: value } : each)))}
            />
          ))}
          <div className={kit.buttons}>
            <Button variant="default" onClick={() => onChange(fees.filter((each) => each !== fee))}>
              <Trans>Hapus biaya {fee.name}</Trans>
            </Button>
          </div>
        </fieldset>
      ))}
      <div className={kit.buttons}>
        <Button variant="default" onClick={() => onChange([...fees, newFee()])}>
          <Trans>Tambah biaya</Trans>
        </Button>
      </div>
    </>
  );
}
