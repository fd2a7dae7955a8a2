import { Trans, useLingui } from '@lingui/react/macro';
import type { ChannelFee, ChannelTerms } from '../api/answers.ts';
import { useLanguage } from '../frame/language.tsx';
import { useGlossary } from '../kit/glossary.tsx';
import styles from '../kit/kit.module.css';
import { percentage } from '../kit/money.ts';
import { PageTable } from '../kit/page-table.tsx';

const WHOLE_BP = 10_000;
const ANY_CLASS = '*';

/** What a channel charges and bears, in words. */
export function TermsInWords({ terms }: { readonly terms: ChannelTerms }) {
  const { t } = useLingui();
  const { language, rp, n } = useLanguage();
  const { word } = useGlossary();
  const percent = (bp: number) => percentage({ num: bp, den: WHOLE_BP }, language);
  const { sellersPartOfDiscountBp, shippingBorneBy, fees, tolerance, returnWindowDays, settlesWithinDays } = terms;
  const { outcomesTo, sandbox } = terms;
  const bearer = word('bearer', shippingBorneBy);
  const sellers = percent(sellersPartOfDiscountBp);
  const days = n(returnWindowDays ?? 0);
  const due = n(settlesWithinDays ?? 0);
  const within = percent(tolerance?.bp ?? 0);
  const most = rp(tolerance?.most ?? 0);
  const amount = (rupiah: number | undefined) => (rupiah === undefined ? '' : rp(rupiah));
  return (
    <>
      {fees.length === 0 ? (
        <p className={styles.empty}>
          <Trans>Tidak ada biaya layanan, kecuali yang disebut pesanannya.</Trans>
        </p>
      ) : (
        <div className={styles.scroll}>
          <PageTable
            caption={<Trans>Biaya layanan tiap pesanan, kecuali pesanannya menyebut lain</Trans>}
            rows={fees.flatMap(byClass)}
            rowKey={({ fee, of }) => `${fee.name} ${of ?? ''}`}
            columns={[
              { key: 'name', heading: t`Biaya`, cell: ({ fee }) => fee.name },
              {
                key: 'class',
                heading: t`Golongan barang`,
                cell: ({ of }) => (of === undefined ? t`semua` : of === ANY_CLASS ? t`golongan lain` : of),
              },
              {
                key: 'rate',
                heading: t`Dari harga`,
                align: 'right',
                cell: ({ bp }) => (bp === undefined ? '' : percent(bp)),
              },
              { key: 'fixed', heading: t`Ditambah`, align: 'right', cell: ({ fee }) => amount(fee.fixed) },
              { key: 'min', heading: t`Paling sedikit`, align: 'right', cell: ({ fee }) => amount(fee.min) },
              { key: 'max', heading: t`Paling banyak`, align: 'right', cell: ({ fee }) => amount(fee.max) },
              {
                key: 'vat',
                heading: t`PPN biaya`,
                align: 'right',
                cell: ({ fee }) => (fee.vatBp === undefined ? '' : percent(fee.vatBp)),
              },
            ]}
          />
        </div>
      )}
      <ul className={styles.note}>
        <li>
          {sellersPartOfDiscountBp === WHOLE_BP ? (
            <Trans>Potongan harga ditanggung penjual seluruhnya.</Trans>
          ) : sellersPartOfDiscountBp === 0 ? (
            <Trans>Potongan harga ditanggung kanal seluruhnya.</Trans>
          ) : (
            <Trans>Dari potongan harga, penjual menanggung {sellers}; sisanya kanal.</Trans>
          )}
        </li>
        <li>
          <Trans>Ongkos kirim ditanggung {bearer}.</Trans>
        </li>
        <li>
          {returnWindowDays === undefined ? (
            <Trans>Uangnya cair begitu kanal melaporkan pencairan.</Trans>
          ) : (
            <Trans>
              Kanal ini tidak melaporkan pencairan: uangnya cair {days} hari sesudah pesanan, ketika barangnya tidak
              dapat dikembalikan lagi.
            </Trans>
          )}
        </li>
        {settlesWithinDays !== undefined && (
          <li>
            <Trans>Yang belum dibayar kanal {due} hari sesudah pesanan masuk ke Selisih.</Trans>
          </li>
        )}
        <li>
          {tolerance ? (
            <Trans>
              Pencairan sebuah pesanan boleh berbeda {within} dari harganya, paling banyak {most}.
            </Trans>
          ) : (
            <Trans>Pencairan sebuah pesanan harus cocok sampai rupiahnya.</Trans>
          )}
        </li>
        {outcomesTo && (
          <li>
            <Trans>
              Kabar pesanannya dikirim ke <span className={styles.code}>{outcomesTo}</span>.
            </Trans>
          </li>
        )}
        {sandbox && (
          <li>
            <Trans>Marketplacenya boleh mencoba sistem ini.</Trans>
          </li>
        )}
      </ul>
    </>
  );
}

interface Rate {
  readonly fee: ChannelFee;
  readonly bp: number | undefined;
  /** Class of goods; undefined: all. */
  readonly of?: string;
}

function byClass(fee: ChannelFee): readonly Rate[] {
  const { bp } = fee;
  if (typeof bp !== 'object') return [{ fee, bp }];
  return Object.entries(bp).map(([of, rate]) => ({ fee, bp: rate, of }));
}
