/** Another password, or the first of an account that has none. */
import { html } from 'hono/html';
import type { Confirmation } from '../accounts/reauthenticate.ts';
import { accountPasswordPageCopy } from './copy.ts';
import { atField, confirmationFields, needsSignIn, signInAgainPage } from './confirmation.ts';
import { newPasswordField, refusalNotice } from './fields.ts';
import type { Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';
import { revealScript } from './reveal.ts';

export function accountPasswordPage(c: PageContext, confirmation: Confirmation, refused?: Refusal): Page {
  const language = languageOf(c);
  const copy = accountPasswordPageCopy[language];
  const refusal = atField(language, 'current_password', refused);
  const { hasPassword } = confirmation;
  const { title, button } = hasPassword ? copy.change : copy.set;
  if (needsSignIn(confirmation)) return signInAgainPage(language, title, '/account/password');
  return {
    title,
    scripts: [revealScript],
    body: html`
      <p class="lead">${copy.lead}</p>
      ${refusalNotice(refusal)}
      <form method="post" action="/account/password">
        ${confirmationFields(language, confirmation, refusal, {
          name: 'current_password',
          label: copy.current,
          enterKeyHint: 'next',
          isFirst: true,
        })}
        ${newPasswordField(language, { name: 'new_password', isFirst: !hasPassword }, refusal)}
        <button class="button">${button}</button>
      </form>
      <p class="links">
        <a href="/account">${copy.back}</a>
        ${hasPassword ? html`<a href="/auth/forgot">${copy.forgotPassword}</a>` : ''}
      </p>
    `,
  };
}
