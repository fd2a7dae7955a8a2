import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'wouter';
import { useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { facilityAddress } from '../kit/links.ts';
import { PageTable } from '../kit/page-table.tsx';

/** The facilities that one sees. */
export default function FacilitiesScreen() {
  const { t } = useLingui();
  const { n } = useLanguage();
  const { facilities } = useWho();
  const howMany = n(facilities.length);
  return (
    <div className={styles.screen}>
      <Heading title={t`Satuan kerja`}>
        <Trans>Anda melihat {howMany} satuan kerja.</Trans>
      </Heading>
      <div className={styles.section}>
        <PageTable
          caption={<Trans>Satuan kerja dalam wewenang Anda</Trans>}
          rows={facilities}
          rowKey={({ facilityId }) => facilityId}
          columns={[
            {
              key: 'name',
              heading: t`Satuan kerja`,
              cell: ({ facilityId, name }) => <Link href={facilityAddress(facilityId)}>{name}</Link>,
            },
            { key: 'region', heading: t`Kanwil`, cell: ({ region }) => region },
            { key: 'id', heading: t`Kode`, cell: ({ facilityId }) => facilityId },
          ]}
        />
      </div>
    </div>
  );
}
