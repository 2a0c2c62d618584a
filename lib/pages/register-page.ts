/** Making an account by password. */
import { html } from 'hono/html';
import { registerPageCopy } from './copy.ts';
import { emailField, nameField, newPasswordField, refusalNotice, returnField } from './fields.ts';
import type { Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';
import { revealScript } from './reveal.ts';

export function registerPage(c: PageContext, refusal?: Refusal): Page {
  const language = languageOf(c);
  const copy = registerPageCopy[language];
  if (!c.env.settings.signUpOpen) {
    return {
      title: copy.closed.title,
      body: html`
        <p class="lead">${copy.closed.lead}</p>
        <a class="button" href="/auth/sign-in">${copy.closed.signIn}</a>
      `,
    };
  }
  return {
    title: copy.title,
    scripts: [revealScript],
    body: html`
      ${refusalNotice(refusal)}
      <form method="post" action="/auth/register">
        ${returnField(c, refusal)} ${nameField(language, { enterKeyHint: 'next' }, refusal)}
        ${emailField(language, { enterKeyHint: 'next' }, refusal)}
        ${newPasswordField(language, { label: copy.password }, refusal)}
        <button class="button">${copy.submit}</button>
      </form>
      <p class="links">
        <a href="/auth/sign-in">${copy.signInInstead}</a>
        <a href="/auth/sign-in/link">${copy.withoutPassword}</a>
      </p>
    `,
  };
}
