import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { Store } from '../api/answers.ts';
import { useWho } from '../api/session.ts';
import { Consequence } from '../kit/consequence.tsx';
import { Field } from '../kit/field.tsx';
import kit from '../kit/kit.module.css';
import { storesAddress } from '../kit/links.ts';
import { facilityChoices } from '../kit/names.ts';
import { ANY_STORE } from './comparison.tsx';

interface Row {
  /** Of the form, as names are being typed. */
  readonly key: number;
  readonly store: string;
  readonly facilityId: string;
}

/** The next set of a channel's stores: all of them, proposed whole. */
export function StoresForm({
  channelId,
  version,
  start,
}: {
  readonly channelId: string;
  readonly version: number;
  readonly start: readonly Store[];
}) {
  const { t } = useLingui();
  const { facilities } = useWho();
  const [, navigate] = useLocation();
  const [rows, setRows] = useState<readonly Row[]>(() =>
    start.map(({ store, facilityId }, key) => ({ key, facilityId, store: store === ANY_STORE ? '' : store })),
  );
  const [proposed, propose] = useState(version); // asked twice, it is one version, though the list has it by then
  const change = (row: Row, part: Partial<Row>) =>
    setRows(rows.map((each) => (each === row ? { ...row, ...part } : each)));
  const add = () => {
    const key = Math.max(-1, ...rows.map((row) => row.key)) + 1;
    setRows([...rows, { key, store: '', facilityId: '' }]);
  };
  const adding = useRef<HTMLButtonElement>(null);
  const remove = (row: Row) => {
    setRows(rows.filter((each) => each !== row));
    adding.current?.focus(); // the button that had it is gone
  };
  /** Nobody's by default; one that the reader's scope has not stays. */
  const choicesOf = ({ facilityId }: Row) => [
    { value: '', label: t`pilih satuan kerja` },
    ...facilityChoices(facilities),
    ...(facilityId === '' || facilities.some((each) => each.facilityId === facilityId)
      ? []
      : [{ value: facilityId, label: facilityId }]),
  ];
  const stores = rows.map(({ store, facilityId }) => ({ ...(store && { store }), facilityId }));
  return (
    <>
      {rows.map((row, index) => (
        <fieldset key={row.key} className={kit.fields}>
          <legend>
            <Trans>Toko {index + 1}</Trans>
          </legend>
          <Field
            label={t`Kode toko`}
            note={t`kosong: toko mana pun, dan yang tidak menyebut toko`}
            value={row.store}
            onChange={(store) => change(row, { store })}
          />
          <Field
            label={t`Satuan kerja`}
            value={row.facilityId}
            choices={choicesOf(row)}
            onChange={(facilityId) => change(row, { facilityId })}
          />
          <div className={kit.buttons}>
            <Button variant="default" onClick={() => remove(row)}>
              <Trans>Hapus toko {index + 1}</Trans>
            </Button>
          </div>
        </fieldset>
      ))}
      <div className={kit.buttons}>
        <Button variant="default" ref={adding} onClick={add}>
          <Trans>Tambah toko</Trans>
        </Button>
        {rows.length > 0 && (
          <Consequence
            verb={t`Usulkan daftar toko`}
            title={t`Usulkan daftar toko versi ${proposed}?`}
            onOpen={() => propose(version)}
            deed={() => ({
              service: 'orders',
              path: `channels/${channelId}/stores`,
              body: { version: proposed, stores },
            })}
            onDone={() => navigate(storesAddress(channelId, proposed))}
          >
            <Trans>
              <Plural value={rows.length} other="# toko." /> Usulan ini tidak dapat disunting lagi, hanya ditarik. Ia
              berlaku sesudah orang lain menyetujuinya.
            </Trans>
          </Consequence>
        )}
      </div>
    </>
  );
}
