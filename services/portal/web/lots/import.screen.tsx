import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { ImportResult } from '../api/answers.ts';
import { command, exportAddress } from '../api/api.ts';
import { type FieldError, Refused } from '../api/problem.ts';
import { useLanguage } from '../frame/language.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { PageTable } from '../kit/page-table.tsx';
import { ProblemSummary } from '../kit/problem-summary.tsx';
import { Status } from '../kit/status.tsx';
import { changedIn, changesOf, type FileKind, filesOf, KINDS, kindOf } from './import-files.ts';
import styles from './lots.module.css';

interface Chosen {
  readonly file: File;
  readonly kind: FileKind | undefined;
}

type Files = Readonly<Record<string, string>>;

/** Many lots at once, from files: first what they would change, row by row; then all of it, or nothing. */
export default function ImportScreen() {
  const { t } = useLingui();
  const { n } = useLanguage();
  const { word } = useGlossary();
  const [, navigate] = useLocation();
  const [chosen, choose] = useState<readonly Chosen[]>([]);
  const [files, setFiles] = useState<Files>();
  const summary = useRef<HTMLDivElement>(null);
  const checking = useMutation({
    mutationFn: async (of: readonly Chosen[]) => {
      const read = await filesOf(of.flatMap(({ kind, file }) => (kind ? [{ kind, file }] : [])));
      setFiles(read);
      return command<ImportResult>('catalogue', 'imports', { files: read, dryRun: true }, crypto.randomUUID());
    },
  });
  const { data: found, error } = checking;
  useEffect(() => {
    if (error) summary.current?.focus();
  }, [error]);
  const faults = error instanceof Refused && error.problem.status === 422 ? (error.problem.errors ?? []) : [];
  const changed = found ? changedIn(found.files) : 0;
  const rows = n(changed);
  const pick = (next: readonly Chosen[]) => {
    choose(next);
    checking.reset();
  };
  const unnamed = chosen.filter(({ kind }) => !kind).length;
  return (
    <div className={kit.screen}>
      <Heading title={t`Impor`} about={<Trans>Semua isi berkas, atau tidak satu pun.</Trans>}>
        {faults.length > 0 ? (
          <Trans>
            <Plural value={faults.length} other="# kesalahan dalam berkas; tidak ada yang berubah." />
          </Trans>
        ) : !found ? (
          <Trans>Berkas mana yang diimpor?</Trans>
        ) : changed === 0 ? (
          <Trans>Semua isi berkas sudah tercatat.</Trans>
        ) : (
          <Trans>
            <Plural value={changed} other="# baris akan dicatat." />
          </Trans>
        )}
      </Heading>
      <section className={kit.section} aria-label={t`Berkas`}>
        <div className={kit.field}>
          <label htmlFor="files">
            <Trans>Berkas CSV atau XLSX</Trans>
          </label>
          <input
            id="files"
            type="file"
            multiple
            accept=".csv,.xlsx"
            onChange={({ currentTarget }) =>
              pick([...(currentTarget.files ?? [])].map((file) => ({ file, kind: kindOf(file.name) })))
            }
          />
        </div>
        <p className={kit.why}>
          <Trans>Belum punya? Isi sebuah templat:</Trans>{' '}
          {(['lots', 'contributions'] as const).map((kind) => (
            <a
              key={kind}
              className={styles.template}
              href={exportAddress('catalogue', `imports/templates/${kind}.xlsx`, {})}
            >
              {word('file', kind)}
            </a>
          ))}
        </p>
        {chosen.map(({ file, kind }, index) => (
          <div key={file.name} className={kit.field}>
            <label htmlFor={`kind-${index}`}>
              <Trans>{file.name} berisi</Trans>
            </label>
            <select
              id={`kind-${index}`}
              value={kind ?? ''}
              onChange={({ currentTarget }) =>
                pick(chosen.with(index, { file, kind: KINDS.find((each) => each === currentTarget.value) }))
              }
            >
              {!kind && <option value="">{t`Pilih isinya`}</option>}
              {KINDS.map((each) => (
                <option key={each} value={each}>
                  {word('file', each)}
                </option>
              ))}
            </select>
          </div>
        ))}
        <div className={kit.buttons}>
          <Button
            variant={found ? 'default' : 'filled'}
            disabled={chosen.length === 0 || unnamed > 0 || checking.isPending}
            onClick={() => checking.mutate(chosen)}
          >
            {checking.isPending ? t`Sedang diperiksa…` : t`Periksa`}
          </Button>
          {found && changed > 0 && (
            <Consequence
              verb={t`Impor ${rows} baris`}
              title={t`Impor ${rows} baris?`}
              deed={() => ({ service: 'catalogue', path: 'imports', body: { files, dryRun: false } })}
              onDone={() => navigate('/lots')}
            >
              <Trans>Lot dan pembuatnya tidak dapat diubah sesudahnya. Yang lain dapat diimpor lagi.</Trans>
            </Consequence>
          )}
        </div>
      </section>
      {error && faults.length === 0 && <ProblemSummary ref={summary} error={error} />}
      {faults.length > 0 && (
        <section className={kit.section} tabIndex={-1} ref={summary} role="alert">
          <Faults faults={faults} />
        </section>
      )}
      {found && <Preview found={found} />}
    </div>
  );
}

function Faults({ faults }: { readonly faults: readonly FieldError[] }) {
  const { t } = useLingui();
  const { n } = useLanguage();
  return (
    <PageTable
      caption={<Trans>Perbaiki di berkasnya, lalu pilih lagi</Trans>}
      rows={faults}
      rowKey={({ field, message }) => `${field} ${message}`}
      columns={[
        { key: 'file', heading: t`Berkas`, cell: ({ file }) => file ?? '' },
        { key: 'line', heading: t`Baris`, align: 'right', cell: ({ line }) => (line === undefined ? '' : n(line)) },
        { key: 'column', heading: t`Kolom`, cell: ({ column }) => <span className={kit.code}>{column}</span> },
        { key: 'message', heading: t`Yang salah`, cell: ({ message }) => message },
      ]}
    />
  );
}

function Preview({ found }: { readonly found: ImportResult }) {
  const { t } = useLingui();
  const { n } = useLanguage();
  const { word } = useGlossary();
  const rows = found.rows ?? [];
  return (
    <section className={kit.section} aria-label={t`Pratinjau`}>
      <ul className={kit.note}>
        {Object.entries(found.files).map(([file, { created, updated, unchanged }]) => (
          <li key={file}>
            <Trans>
              {file}: {n(created)} baru, {n(updated)} berubah, {n(unchanged)} sudah tercatat
            </Trans>
          </li>
        ))}
      </ul>
      {rows.length > 0 && (
        <PageTable
          caption={<Trans>Baris demi baris, yang pertama seribu</Trans>}
          rows={rows}
          rowKey={({ file, row }) => `${file} ${row}`}
          columns={[
            { key: 'file', heading: t`Berkas`, cell: ({ file }) => file },
            { key: 'row', heading: t`Baris`, align: 'right', cell: ({ row }) => n(row) },
            {
              key: 'outcome',
              heading: t`Menjadi`,
              cell: ({ outcome }) => (
                <Status mood={outcome === 'created' ? 'good' : 'wait'}>{word('outcome', outcome)}</Status>
              ),
            },
            {
              key: 'changes',
              heading: t`Isinya`,
              cell: (row) => (
                <span className={styles.changes}>
                  {changesOf(row).map(({ column, from, to }) => (
                    <span key={column}>
                      <span className={kit.why}>{column}</span> {from !== undefined && `${from} → `}
                      {to}
                    </span>
                  ))}
                </span>
              ),
            },
          ]}
        />
      )}
    </section>
  );
}
