/** Which of our languages a reader gets, by what their browser or app asks for. */
import { type Language, languages } from '../../db/languages.ts';

/** For whom nothing better is known. */
export const defaultLanguage: Language = 'en';

/** What each is called by those who read it. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

/**
 * Looked up as RFC 4647, section 3.4, has it: `de-AT` gets German. Of those that are wanted equally the first counts;
 * undefined for who wants none of ours.
 *
 * @param accepted an `Accept-Language` header (RFC 9110, section 12.5.4)
 */
export function negotiateLanguage(accepted = ''): Language | undefined {
  let chosen: Language | undefined;
  let most = 0;
  for (const [, tag, quality = 1] of accepted.matchAll(/(?:^|,)\s*([a-z]+)[\w-]*\s*(?:;\s*q=([\d.]+))?/gi)) {
    const language = languages.find((name) => name === tag?.toLowerCase());
    if (!language || !(Number(quality) > most)) continue;
    chosen = language;
    most = Number(quality);
  }
  return chosen;
}
