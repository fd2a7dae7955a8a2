import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { ListingComparison } from '../api/answers.ts';
import { command } from '../api/api.ts';
import { useLanguage } from '../frame/language.tsx';
import { Consequence } from '../kit/consequence.tsx';
import kit from '../kit/kit.module.css';
import { listingsAddress } from '../kit/links.ts';
import { ProblemSummary } from '../kit/problem-summary.tsx';
import { ComparisonTable } from './comparison.tsx';

/** The next set of listings from a file: first what it would change, then proposed whole. */
export function ListingsUpload({ channelId, version }: { readonly channelId: string; readonly version: number }) {
  const { t } = useLingui();
  const { n } = useLanguage();
  const [, navigate] = useLocation();
  const [file, pick] = useState<File>();
  const [csv, setCsv] = useState('');
  const [proposed, propose] = useState(version); // asked twice, it is one version, though the list has it by then
  const summary = useRef<HTMLDivElement>(null);
  const path = `channels/${channelId}/listings`;
  const checking = useMutation({
    mutationFn: async (of: File) => {
      const read = await of.text();
      setCsv(read);
      return command<ListingComparison>('orders', `${path}/comparison`, { csv: read }, crypto.randomUUID());
    },
  });
  const { data: found, error } = checking;
  useEffect(() => {
    if (error) summary.current?.focus();
  }, [error]);
  const size = n(found ? found.added + found.changed + found.same : 0);
  return (
    <>
      <div className={kit.field}>
        <label htmlFor="listings">
          <Trans>Daftar berikutnya: berkas CSV</Trans>
        </label>
        <span id="listings-note" className={kit.why}>
          <Trans>
            Kolomnya store, channel_sku, sku, dan fee_class; isinya semua barang yang dijual kanal ini. Daftar yang ada
            dapat diunduh untuk diubah.
          </Trans>
        </span>
        <input
          id="listings"
          type="file"
          accept=".csv"
          aria-describedby="listings-note"
          onChange={({ currentTarget }) => {
            pick(currentTarget.files?.[0]);
            checking.reset();
          }}
        />
      </div>
      <div className={kit.buttons}>
        <Button variant="default" disabled={!file || checking.isPending} onClick={() => file && checking.mutate(file)}>
          {checking.isPending ? t`Sedang diperiksa…` : t`Periksa`}
        </Button>
        {found && (
          <Consequence
            verb={t`Usulkan ${size} barang`}
            title={t`Usulkan ${size} barang?`}
            onOpen={() => propose(version)}
            deed={() => ({ service: 'orders', path, body: { version: proposed, csv } })}
            onDone={() => navigate(listingsAddress(channelId, proposed))}
          >
            <Trans>
              Usulan ini tidak dapat disunting lagi, hanya ditarik. Ia berlaku sesudah orang lain menyetujuinya.
            </Trans>
          </Consequence>
        )}
      </div>
      {error && <ProblemSummary ref={summary} error={error} />}
      {found && <ComparisonTable comparison={found} />}
    </>
  );
}
