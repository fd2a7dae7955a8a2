import type { Lot } from '../api/answers.ts';
import { useLanguage } from '../frame/language.tsx';
import { useGlossary } from '../kit/glossary.tsx';

/** Who made a lot, and how much of it. */
export function MadeBy({
  lot: { measure, contributions },
  maker,
}: {
  readonly lot: Pick<Lot, 'measure' | 'contributions'>;
  readonly maker: (makerId: string) => string;
}) {
  const { exact } = useLanguage();
  const { word } = useGlossary();
  return contributions
    .map(({ makerId, value }) =>
      measure === 'equal' ? maker(makerId) : `${maker(makerId)} ${exact(value)} ${word('measure', measure)}`,
    )
    .join(', ');
}
