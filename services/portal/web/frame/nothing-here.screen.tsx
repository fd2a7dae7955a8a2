import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'wouter';
import { Heading } from '../kit/heading.tsx';

/** One page for what there is not and for what is not one's own: who asks does not learn which. */
export function NothingHereScreen() {
  const { t } = useLingui();
  return (
    <Heading
      title={t`Tidak ada`}
      about={
        <Trans>
          Alamatnya mungkin keliru, atau isinya bukan milik Anda. <Link href="/">Kembali ke awal</Link>
        </Trans>
      }
    >
      <Trans>Di sini tidak ada yang dapat Anda lihat.</Trans>
    </Heading>
  );
}
