/** What a join link opens: whoever is signed in joins by one button. */
import { html } from 'hono/html';
import { joinPageCopy } from './copy.ts';
import { toInvitationWords } from './invitation-refusal.ts';
import type { Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';
import { tokenForm, tokenScript } from './token-form.ts';

export function joinLandingPage(c: PageContext, refusal?: Refusal): Page {
  const language = languageOf(c);
  const { title, lead, label, submit } = joinPageCopy[language];
  const buttons = html`<button class="button">${submit}</button>`;
  return {
    title,
    scripts: [tokenScript],
    body: html`
      <p class="lead">${lead}</p>
      ${tokenForm(language, { action: '/auth/join', label, buttons }, refusal)}
    `,
  };
}

/** For who is signed out: the link has to be opened again, since no address ever holds its token. */
export function signInToJoinPage(c: PageContext): Page {
  const copy = joinPageCopy[languageOf(c)];
  return {
    title: copy.signInFirst,
    body: html`
      <p class="lead">${copy.signInLead}</p>
      <a class="button" href="/auth/sign-in?to=/auth/join">${copy.signInFirst}</a>
      <p class="links"><a href="/auth/register">${copy.createAccount}</a></p>
    `,
  };
}

export function refusedJoinPage(c: PageContext, refusal: Refusal): Page {
  if (refusal.slug === 'invalid-input') return joinLandingPage(c, refusal);
  const language = languageOf(c);
  const words = toInvitationWords(language, refusal) ?? refusal;
  return {
    title: words.title,
    body: html`
      <p class="lead">${words.advice}</p>
      <p class="links"><a href="/account">${joinPageCopy[language].account}</a></p>
    `,
  };
}
