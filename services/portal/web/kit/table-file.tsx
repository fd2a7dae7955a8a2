import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { csvOf } from './csv.ts';

/** A button that takes the rows of a table away as a file. */
export function TableFile({ name, rows }: { readonly name: string; readonly rows: readonly object[] }) {
  const take = () => {
    const address = URL.createObjectURL(new Blob(['\uFEFF', csvOf(rows)], { type: 'text/csv' })); // else Excel reads Latin letters
    const link = document.createElement('a');
    link.href = address;
    link.download = `${name}.csv`;
    link.click();
    URL.revokeObjectURL(address);
  };
  if (rows.length === 0) return null;
  return (
    <p style={{ margin: '0.6rem 0 0', textAlign: 'right' }}>
      <Button variant="default" onClick={take}>
        <Trans>Unduh baris ini (CSV)</Trans>
      </Button>
    </p>
  );
}
