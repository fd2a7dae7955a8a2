import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import type { Channel, ChannelSet, TermsVersion } from '../api/answers.ts';
import { isNothing, type Screen, useLast, useScreen } from '../api/screen.ts';
import type { ChannelSections, ChannelsSections } from '../api/sections.ts';
import { draftsNationally, useWho } from '../api/session.ts';
import { Steps } from '../decisions/steps.tsx';
import { useLanguage } from '../frame/language.tsx';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { day, dayOf, moment } from '../kit/day.ts';
import { addressOf, readFilters } from '../kit/filters.ts';
import { State } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { listingsAddress, storesAddress, termsAddress } from '../kit/links.ts';
import { type Column, PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter } from '../kit/sentence-filter.tsx';
import { ListingsUpload } from './listings-upload.tsx';
import { OpenChannel } from './open-channel.tsx';
import { StoresForm } from './stores-form.tsx';
import { TermsInWords } from './terms.tsx';
import { nextVersion, setInForce, termsAfter, termsAt } from './versions.ts';

/** What channels charge and bear, what they call goods of ours, and whose their stores are. */
export default function ChannelsScreen() {
  const { t } = useLingui();
  const screen = useScreen<ChannelsSections>('channels', {});
  const channels = screen.data?.sections.channels?.data;
  const asked = readFilters(useSearch(), ['channel']).channel;
  const known = channels?.find(({ channelId }) => channelId === asked);
  const chosen = known ?? (asked ? { channelId: asked, name: asked } : channels?.[0]); // the list may be of a minute ago
  if (chosen) return <OfChannel channel={chosen} channels={channels ?? []} key={chosen.channelId} />;
  return (
    <div className={styles.screen}>
      <Heading title={t`Ketentuan kanal`}>
        <Trans>Ketentuan kanal</Trans>
      </Heading>
      <Section screen={screen} name="channels">
        {() => (
          <Empty>
            <Trans>Belum ada kanal.</Trans>
          </Empty>
        )}
      </Section>
      <OpenChannel />
    </div>
  );
}

function OfChannel({ channel, channels }: { readonly channel: Channel; readonly channels: readonly Channel[] }) {
  const { t } = useLingui();
  const { language } = useLanguage();
  const [, navigate] = useLocation();
  const { channelId, name } = channel;
  const screen = useScreen<ChannelSections>('channel', { channel: channelId });
  const sections = screen.data?.sections;
  const versions = sections?.terms?.data;
  const now = new Date().toISOString();
  const current = versions ? termsAt(versions, now) : undefined;
  const [next] = versions ? termsAfter(versions, now) : [];
  const drafts = [...(versions ?? []), ...(sections?.sets?.data ?? []), ...(sections?.stores?.data ?? [])].filter(
    ({ status }) => status === 'draft',
  );
  const dayFrom = (version: TermsVersion | undefined) => (version ? day(dayOf(version.effectiveFrom), language) : '');
  const [from, nextFrom] = [dayFrom(current), dayFrom(next)];
  if (isNothing(sections?.terms)) return <NothingHereScreen />;
  return (
    <div className={styles.screen}>
      <Heading
        title={t`Ketentuan kanal`}
        about={
          drafts.length > 0 && (
            <Trans>
              <Plural value={drafts.length} other="# usulan menunggu keputusan." />
            </Trans>
          )
        }
      >
        {!versions ? (
          name
        ) : !current ? (
          <Trans>Dari {name} belum diterima apa pun: tidak ada ketentuan yang berlaku.</Trans>
        ) : next ? (
          <Trans>
            Ketentuan {name} versi {current.version} berlaku sejak {from}, versi {next.version} mulai {nextFrom}.
          </Trans>
        ) : (
          <Trans>
            Ketentuan {name} versi {current.version} berlaku sejak {from}.
          </Trans>
        )}
      </Heading>
      <SentenceFilter label={t`Kanal mana`}>
        <Trans>
          Ketentuan dan barang di{' '}
          <Phrase
            label={t`Kanal`}
            value={channelId}
            choices={channels.map((each) => ({ value: each.channelId, label: each.name }))}
            onChange={(value) => navigate(addressOf('/channels', ['channel'], { channel: value ?? '' }))}
          />
        </Trans>
      </SentenceFilter>
      <Terms screen={screen} channelId={channelId} now={now} />
      <Listings screen={screen} channelId={channelId} />
      <Stores screen={screen} channelId={channelId} />
      <OpenChannel />
    </div>
  );
}

interface OfScreen {
  readonly screen: Screen<ChannelSections>;
  readonly channelId: string;
}

function Terms({ screen, channelId, now }: OfScreen & { readonly now: string }) {
  const { t } = useLingui();
  const { language } = useLanguage();
  const who = useWho();
  const decided = useDecidedColumns();
  return (
    <Section screen={screen} name="terms" bare>
      {(versions) => {
        const current = termsAt(versions, now);
        const shown = [
          ...(current ? [current] : []),
          ...termsAfter(versions, now),
          ...versions.filter(({ status }) => status === 'draft'),
        ];
        return (
          <div className={styles.screen}>
            {draftsNationally(who) && (
              <p className={styles.actions} style={{ margin: 0 }}>
                <Button component={Link} href={termsAddress(channelId)}>
                  <Trans>Ketentuan berikutnya</Trans>
                </Button>
              </p>
            )}
            {shown.map((version) => (
              <Version key={version.version} channelId={channelId} version={version} />
            ))}
            {versions.length > 0 && (
              <section className={styles.section}>
                <PageTable
                  caption={<Trans>Semua versi ketentuan, dan siapa yang memutuskan</Trans>}
                  rows={versions.toReversed()}
                  rowKey={({ version }) => String(version)}
                  columns={[
                    { key: 'version', heading: t`Versi`, cell: ({ version }) => version },
                    {
                      key: 'from',
                      heading: t`Bagi pesanan sejak`,
                      cell: ({ effectiveFrom }) => day(dayOf(effectiveFrom), language),
                    },
                    ...decided,
                  ]}
                />
              </section>
            )}
          </div>
        );
      }}
    </Section>
  );
}

function Version({
  channelId,
  version: { version, status, effectiveFrom, terms, actions = [] },
}: {
  readonly channelId: string;
  readonly version: TermsVersion;
}) {
  const { t } = useLingui();
  const { language } = useLanguage();
  const from = day(dayOf(effectiveFrom), language);
  return (
    <section className={styles.section} aria-label={t`Ketentuan versi ${version}`}>
      <h2 className={styles.sectionTitle}>
        <Trans>Ketentuan versi {version}</Trans>
      </h2>
      <p className={styles.note}>
        <State topic="decision" of={status} /> · <Trans>bagi pesanan sejak {from}</Trans>
      </p>
      <TermsInWords terms={terms} />
      {status === 'draft' && (
        <Steps
          service="orders"
          actions={actions}
          path={`channels/${channelId}/terms/${version}`}
          consequence={
            <Trans>
              Berlaku bagi pesanan sejak {from}, sampai versi berikutnya. Pesanan yang sudah diterima tetap menurut
              ketentuannya. Tidak dapat disunting lagi.
            </Trans>
          }
        />
      )}
    </section>
  );
}

function Listings({ screen, channelId }: OfScreen) {
  const { t } = useLingui();
  const { n } = useLanguage();
  const who = useWho();
  const told = useLast(screen.data?.sections.sets);
  return (
    <Section
      screen={screen}
      name="sets"
      title={<Trans>Daftar barang</Trans>}
      after={told && draftsNationally(who) && <ListingsUpload channelId={channelId} version={nextVersion(told)} />}
    >
      {(sets) => {
        const current = setInForce(sets);
        const size = n(current?.size ?? 0);
        return (
          <>
            <p className={styles.note}>
              {current ? (
                <Trans>
                  Yang berlaku: versi {current.version}, {size} barang. Yang tidak ada di dalamnya tidak dikenal.
                </Trans>
              ) : (
                <Trans>Tidak ada daftar yang berlaku: kanal ini menyebut barang dengan kode kita.</Trans>
              )}
            </p>
            <Sets
              sets={sets}
              caption={<Trans>Semua daftar barang, dan siapa yang memutuskan</Trans>}
              sizeHeading={t`Barang`}
              addressOfSet={(version) => listingsAddress(channelId, version)}
            />
          </>
        );
      }}
    </Section>
  );
}

function Stores({ screen, channelId }: OfScreen) {
  const { t } = useLingui();
  const who = useWho();
  const told = useLast(screen.data?.sections.stores);
  return (
    <Section
      screen={screen}
      name="stores"
      title={<Trans>Daftar toko</Trans>}
      after={
        told &&
        !setInForce(told) &&
        draftsNationally(who) && <StoresForm channelId={channelId} version={nextVersion(told)} start={[]} />
      }
    >
      {(sets) => (
        <>
          {!setInForce(sets) && (
            <p className={styles.note}>
              <Trans>Belum ada toko yang berlaku: yang dipotong kanal di luar pesanannya menunggu di Selisih.</Trans>
            </p>
          )}
          <Sets
            sets={sets}
            caption={<Trans>Semua daftar toko, dan siapa yang memutuskan</Trans>}
            sizeHeading={t`Jumlah toko`}
            addressOfSet={(version) => storesAddress(channelId, version)}
          />
        </>
      )}
    </Section>
  );
}

/** The newest first. */
function Sets({
  sets,
  caption,
  sizeHeading,
  addressOfSet,
}: {
  readonly sets: readonly ChannelSet[];
  readonly caption: ReactNode;
  readonly sizeHeading: string;
  readonly addressOfSet: (version: number) => string;
}) {
  const { t } = useLingui();
  const { n } = useLanguage();
  const decided = useDecidedColumns();
  if (sets.length === 0) return null;
  return (
    <PageTable
      caption={caption}
      rows={sets.toReversed()}
      rowKey={({ version }) => String(version)}
      columns={[
        {
          key: 'version',
          heading: t`Versi`,
          cell: ({ version }) => (
            <Link href={addressOfSet(version)}>
              <Trans>Daftar versi {version}</Trans>
            </Link>
          ),
        },
        { key: 'size', heading: sizeHeading, align: 'right', cell: ({ size }) => n(size) },
        ...decided,
      ]}
    />
  );
}

/** How a version stands, and by whom. */
function useDecidedColumns(): readonly Column<ChannelSet | TermsVersion>[] {
  const { t } = useLingui();
  const { language } = useLanguage();
  return [
    {
      key: 'status',
      heading: t`Keadaan`,
      cell: ({ status, rejectedBecause }) => (
        <>
          <State topic="decision" of={status} />{' '}
          {rejectedBecause && <span className={styles.why}>{rejectedBecause}</span>}
        </>
      ),
    },
    {
      key: 'by',
      heading: t`Pengusul`,
      cell: ({ createdBy, createdAt }) => `${createdBy}, ${moment(createdAt, language)}`,
    },
    {
      key: 'decided',
      heading: t`Pemutus`,
      cell: ({ approvedBy, approvedAt, rejectedBy }) =>
        approvedBy && approvedAt ? `${approvedBy}, ${moment(approvedAt, language)}` : (rejectedBy ?? ''),
    },
  ];
}
