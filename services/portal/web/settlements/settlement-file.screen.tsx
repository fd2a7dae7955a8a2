import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { SettlementFile } from '../api/answers.ts';
import { command } from '../api/api.ts';
import { useScreen } from '../api/screen.ts';
import type { ChannelsSections } from '../api/sections.ts';
import { useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { Field } from '../kit/field.tsx';
import { contentOf } from '../kit/files.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { PageTable } from '../kit/page-table.tsx';
import { ProblemSummary } from '../kit/problem-summary.tsx';

/** What a channel says that it paid out, as it exports it: first what would become of each row, then all of it. */
export default function SettlementFileScreen() {
  const { t } = useLingui();
  const { rp, n } = useLanguage();
  const own = useWho().grants.find(({ kind }) => kind === 'channel')?.id;
  const screen = useScreen<ChannelsSections>('channels', {});
  const channels = screen.data?.sections.channels?.data?.map(({ channelId }) => channelId) ?? [];
  const [chosen, choose] = useState<string>();
  const channel = own ?? chosen ?? channels[0] ?? '';
  const [file, pick] = useState<File>();
  const [body, setBody] = useState<object>();
  const [taken, setTaken] = useState<SettlementFile>();
  const summary = useRef<HTMLDivElement>(null);
  const checking = useMutation({
    mutationFn: async (of: File) => {
      const read = { channel, name: of.name, ...(await contentOf(of)) };
      setBody(read);
      return command<SettlementFile>('payments', 'settlement-files', { ...read, dryRun: true }, crypto.randomUUID());
    },
  });
  const { error } = checking;
  useEffect(() => {
    if (error) summary.current?.focus();
  }, [error]);
  const found = taken ?? checking.data;
  const rows = found?.rows.taken ?? 0;
  const counted = n(rows);
  const paidOut = rp(found?.paidOut ?? 0);
  const anew = () => {
    checking.reset();
    setTaken(undefined);
  };
  return (
    <div className={kit.screen}>
      <Heading title={t`Laporan pencairan`} about={<Trans>Yang sama dikirim dua kali dicatat sekali.</Trans>}>
        {!found ? (
          <Trans>Laporan pencairan mana yang dibaca?</Trans>
        ) : taken ? (
          <Trans>
            <Plural value={rows} other="# baris" /> dicatat: {paidOut} dicairkan.
          </Trans>
        ) : (
          <Trans>
            <Plural value={rows} other="# baris" /> akan dicatat: {paidOut} dicairkan.
          </Trans>
        )}
      </Heading>
      <section className={kit.section} aria-label={t`Berkas`}>
        {!own && (
          <Field
            label={t`Kanal`}
            value={channel}
            choices={channels.map((value) => ({ value, label: value }))}
            onChange={(value) => {
              choose(value);
              anew();
            }}
          />
        )}
        <div className={kit.field}>
          <label htmlFor="report">
            <Trans>Berkas CSV atau XLSX</Trans>
          </label>
          <input
            id="report"
            type="file"
            accept=".csv,.xlsx"
            onChange={({ currentTarget }) => {
              pick(currentTarget.files?.[0]);
              anew();
            }}
          />
        </div>
        <div className={kit.buttons}>
          <Button
            variant={found ? 'default' : 'filled'}
            disabled={!file || !channel || checking.isPending}
            onClick={() => file && checking.mutate(file)}
          >
            {checking.isPending ? t`Sedang diperiksa…` : t`Periksa`}
          </Button>
          {found && !taken && rows > 0 && (
            <Consequence
              verb={t`Catat ${counted} baris`}
              title={t`Catat ${counted} baris?`}
              deed={() => ({ service: 'payments', path: 'settlement-files', body })}
              onDone={(answer) => setTaken(answer as SettlementFile)}
            >
              <Trans>
                Uang penjualan itu menjadi cair, {paidOut}. Tidak dapat dihapus. Baris yang tidak dapat dibukukan masuk
                ke Selisih.
              </Trans>
            </Consequence>
          )}
        </div>
      </section>
      {error && <ProblemSummary ref={summary} error={error} />}
      {found && <Preview found={found} />}
    </div>
  );
}

function Preview({ found }: { readonly found: SettlementFile }) {
  const { t } = useLingui();
  const { rp, n, words } = useLanguage();
  const { word } = useGlossary();
  const { rows, totals, unknownColumns, refused } = found;
  return (
    <section className={kit.section} aria-label={t`Pratinjau`}>
      <PageTable
        caption={<Trans>Apa yang terjadi pada tiap baris</Trans>}
        rows={Object.entries(rows).filter(([, count]) => count > 0)}
        rowKey={([outcome]) => outcome}
        columns={[
          { key: 'outcome', heading: t`Menjadi`, cell: ([outcome]) => word('settlementRow', outcome) },
          { key: 'count', heading: t`Baris`, align: 'right', cell: ([, count]) => n(count) },
        ]}
      />
      {totals.map(({ of, said, found: sum }) => (
        <p key={of} className={kit.problem}>
          <Trans>
            Berkas menyebut {rp(said)}, barisnya {rp(sum)}: tanyakan kepada kanalnya.
          </Trans>
        </p>
      ))}
      {unknownColumns.length > 0 && (
        <p className={kit.note}>
          <Trans>Kolom uang yang tidak dikenal, dihitung sebagai biaya layanan: {unknownColumns.join(', ')}</Trans>
        </p>
      )}
      {refused.length > 0 && (
        <PageTable
          caption={<Trans>Perbaiki di berkasnya, lalu pilih lagi</Trans>}
          rows={refused}
          rowKey={({ sheet, line, column, code }) => `${sheet} ${line} ${column} ${code}`}
          columns={[
            { key: 'sheet', heading: t`Lembar`, cell: ({ sheet }) => sheet ?? '' },
            { key: 'line', heading: t`Baris`, align: 'right', cell: ({ line }) => n(line) },
            { key: 'column', heading: t`Kolom`, cell: ({ column }) => <span className={kit.code}>{column}</span> },
            { key: 'message', heading: t`Yang salah`, cell: ({ message }) => words(message) },
          ]}
        />
      )}
    </section>
  );
}
