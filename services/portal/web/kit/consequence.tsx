import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { command, type Service } from '../api/api.ts';
import styles from './kit.module.css';
import { ProblemSummary } from './problem-summary.tsx';

export interface Deed {
  readonly service: Service;
  readonly path: string;
  readonly body?: unknown;
}

interface ConsequenceOf {
  /** Verb and amount, as on the button that opens it: "Setujui Rp261.249". */
  readonly verb: string;
  readonly title: string;
  /** What happens, to whom, and whether it can be undone. */
  readonly children: ReactNode;
  /** @param openedAt ISO 8601: what is sent twice is the same, so a time in it is this one */
  readonly deed: (openedAt: string) => Deed;
  /** More to fill in before it can be done. */
  readonly form?: ReactNode;
  readonly danger?: boolean;
  readonly quiet?: boolean;
  readonly disabled?: boolean;
  readonly onOpen?: () => void;
  readonly onDone?: (answer: unknown) => void;
}

/** A button, and behind it what it would do. The dialog gives the focus back to its button. */
export function Consequence({
  verb,
  title,
  children,
  deed,
  form,
  danger,
  quiet,
  disabled,
  onOpen,
  onDone,
}: ConsequenceOf) {
  const dialog = useRef<HTMLDialogElement>(null);
  const summary = useRef<HTMLDivElement>(null);
  const id = useId();
  const [opened, setOpened] = useState<{ readonly key: string; readonly at: string }>(); // asked twice, it is done once
  const { t } = useLingui();
  const client = useQueryClient();
  const doing = useMutation({
    mutationFn: ({ service, path, body }: Deed) => command(service, path, body, opened?.key ?? ''),
    onSuccess: async (answer) => {
      dialog.current?.close();
      await client.invalidateQueries({ queryKey: ['screen'] });
      onDone?.(answer);
    },
  });
  const { error } = doing;
  useEffect(() => {
    if (error) summary.current?.focus();
  }, [error]);
  const open = () => {
    onOpen?.();
    setOpened({ key: crypto.randomUUID(), at: new Date().toISOString() });
    doing.reset();
    dialog.current?.showModal();
  };
  const close = () => {
    setOpened(undefined);
    if (error) void client.invalidateQueries({ queryKey: ['screen'] }); // it may have been decided on what is no longer so
  };
  return (
    <>
      <Button
        variant={quiet ? 'default' : 'filled'}
        color={danger ? 'red.9' : 'teal'}
        disabled={disabled ?? false}
        onClick={open}
      >
        {verb}
      </Button>
      <dialog ref={dialog} className={styles.dialog} aria-labelledby={id} onClose={close}>
        {opened && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              doing.mutate(deed(opened.at));
            }}
          >
            <h2 id={id}>{title}</h2>
            <div className={styles.consequence}>{children}</div>
            {form}
            {error && <ProblemSummary ref={summary} error={error} />}
            <div className={styles.buttons}>
              <Button variant="default" onClick={() => dialog.current?.close()}>
                <Trans>Batal</Trans>
              </Button>
              <Button type="submit" color={danger ? 'red.9' : 'teal'} aria-disabled={doing.isPending}>
                {doing.isPending ? t`Sedang dikirim…` : verb}
              </Button>
            </div>
          </form>
        )}
      </dialog>
    </>
  );
}
