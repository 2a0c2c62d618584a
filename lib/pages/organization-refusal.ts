/** Why something in an organization was not done, in words that no other page has to carry. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import type { ProblemSlug } from '../core/problem.ts';
import { organizationRefusalCopy } from './copy.ts';
import type { Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';

/** The refusal in the words for it, or as any other form may be refused. */
export function toOrganizationRefusal(language: Language, refusal: Refusal): Refusal {
  return { ...refusal, ...wordsFor(language, refusal.slug) };
}

/**
 * In place of a button's page, where the button could not do what it says; undefined for what the plain error page says as well.
 * Nobody types into its form: what is wrong there was chosen of what there was, and is gone.
 */
export function refusedButtonPage(c: PageContext, refusal: Refusal, back: string): Page | undefined {
  const language = languageOf(c);
  const words = wordsFor(language, refusal.slug === 'invalid-input' ? 'not-found' : refusal.slug);
  if (!words) return undefined;
  return {
    title: words.title,
    body: html`
      <p class="lead">${words.advice}</p>
      <a class="button" href="${back}">${organizationRefusalCopy[language].back}</a>
    `,
  };
}

function wordsFor(language: Language, slug: ProblemSlug) {
  const words: Partial<Record<ProblemSlug, Pick<Refusal, 'title' | 'advice'>>> =
    organizationRefusalCopy[language].problems;
  return words[slug];
}
