import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { isNothing, useLast, useScreen } from '../api/screen.ts';
import type { StoresSections } from '../api/sections.ts';
import { draftsNationally, useWho } from '../api/session.ts';
import { Steps } from '../decisions/steps.tsx';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { useFacilityNames } from '../kit/names.ts';
import { PageTable } from '../kit/page-table.tsx';
import { Section } from '../kit/section.tsx';
import { StoreComparison, storeOf } from './comparison.tsx';
import { ProposedIn } from './proposed-in.tsx';
import { StoresForm } from './stores-form.tsx';
import { nextVersion, setInForce } from './versions.ts';

/** One set of a channel's stores: which facility bears what the channel takes or gives beside its orders. */
export default function StoresScreen({ channelId, version }: { readonly channelId: string; readonly version: string }) {
  const { t } = useLingui();
  const { word } = useGlossary();
  const who = useWho();
  const facility = useFacilityNames();
  const screen = useScreen<StoresSections>('stores', { channel: channelId, version });
  const sections = screen.data?.sections;
  const set = sections?.set?.data;
  const shown = useLast(sections?.set);
  const sets = useLast(sections?.sets);
  const inForce = setInForce(sets ?? []);
  const isInForce = set != null && inForce?.version === set.version;
  const state = set ? word('decision', set.status) : '';
  if (isNothing(sections?.set)) return <NothingHereScreen />;
  return (
    <div className={kit.screen}>
      <Heading title={t`Daftar toko ${channelId}`} about={set && <ProposedIn channelId={channelId} set={set} />}>
        {!set ? (
          <Trans>
            Daftar toko {channelId} versi {version}
          </Trans>
        ) : isInForce ? (
          <Trans>
            Daftar toko {channelId} versi {version} berlaku: <Plural value={set.size} other="# toko" />.
          </Trans>
        ) : (
          <Trans>
            Daftar toko {channelId} versi {version}, <Plural value={set.size} other="# toko" />: {state}.
          </Trans>
        )}
      </Heading>
      <Section screen={screen} name="set" title={<Trans>Siapa yang menanggung</Trans>}>
        {({ stores, status, actions }) => (
          <>
            <PageTable
              caption={<Trans>Yang dipotong atau diberikan kanal di luar pesanannya, tiap toko</Trans>}
              rows={stores}
              rowKey={({ store }) => store}
              columns={[
                {
                  key: 'store',
                  heading: t`Toko`,
                  cell: (each) => <span className={kit.code}>{storeOf(each, t`semua`)}</span>,
                },
                { key: 'facility', heading: t`Satuan kerja`, cell: ({ facilityId }) => facility(facilityId) },
              ]}
            />
            {status === 'draft' && inForce && (
              <StoreComparison channelId={channelId} against={inForce.version} stores={stores} />
            )}
            {status === 'draft' && (
              <Steps
                service="orders"
                actions={actions ?? []}
                path={`channels/${channelId}/stores/${version}`}
                consequence={
                  <Trans>
                    Daftar ini berlaku seluruhnya bagi yang dipotong kanal kemudian, dan bagi yang belum ditanggung
                    siapa pun. Tidak dapat disunting lagi.
                  </Trans>
                }
              />
            )}
          </>
        )}
      </Section>
      {shown && sets && (!inForce || inForce.version === shown.version) && draftsNationally(who) && (
        <section className={kit.section}>
          <h2 className={kit.sectionTitle}>
            <Trans>Daftar toko berikutnya</Trans>
          </h2>
          <StoresForm channelId={channelId} version={nextVersion(sets)} start={shown.stores} />
        </section>
      )}
    </div>
  );
}
