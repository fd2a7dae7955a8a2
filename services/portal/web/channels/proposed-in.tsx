import { Trans } from '@lingui/react/macro';
import { Link } from 'wouter';
import type { ChannelSet } from '../api/answers.ts';
import { useLanguage } from '../frame/language.tsx';
import { moment } from '../kit/day.ts';
import { addressOf } from '../kit/filters.ts';

/** Who proposed a set of a channel's, and when, with the way to the channel. */
export function ProposedIn({
  channelId,
  set,
}: {
  readonly channelId: string;
  readonly set: Pick<ChannelSet, 'createdBy' | 'createdAt'>;
}) {
  const { language } = useLanguage();
  return (
    <Trans>
      Diusulkan {set.createdBy}, {moment(set.createdAt, language)}, di{' '}
      <Link href={addressOf('/channels', ['channel'], { channel: channelId })}>{channelId}</Link>
    </Trans>
  );
}
