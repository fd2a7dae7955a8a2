import { i18n } from '@lingui/core';
import { useLingui } from '@lingui/react';
import type { Words } from '../api/answers.ts';
import { count, decimal, type Language, money } from '../kit/money.ts';

const CHOSEN = 'pasindo.language';

/** What was chosen on this device, else what the person's account says. */
export function chosenLanguage(): Language | undefined {
  const chosen = localStorage.getItem(CHOSEN);
  return chosen === 'id' || chosen === 'en' ? chosen : undefined;
}

export async function speak(language: Language): Promise<void> {
  const { messages } = language === 'id' ? await import('../messages/id.po') : await import('../messages/en.po');
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
}

export async function choose(language: Language): Promise<void> {
  localStorage.setItem(CHOSEN, language);
  await speak(language);
}

/** How this reader reads figures, and a service's words in both languages. */
export function useLanguage() {
  const { i18n: current } = useLingui();
  const language: Language = current.locale === 'en' ? 'en' : 'id';
  return {
    language,
    rp: (amount: number) => money(amount, language),
    n: (value: number) => count(value, language),
    exact: (text: string) => decimal(text, language),
    words: (of: Words) => of[language],
  };
}
