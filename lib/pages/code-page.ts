/** After an email was requested: its link may be opened here, or its code typed, from whatever device it was read on. */
import { html } from 'hono/html';
import { toRedirectSources } from '../http/redirect-sources.ts';
import { boundEmail } from './browser-binding.ts';
import { toBreakable } from './breakable.ts';
import { codePageCopy, purposeButtonCopy } from './copy.ts';
import { codeField, emailField, newPasswordField, refusalNotice } from './fields.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { newEmailForm } from './email-request-page.ts';
import { languageOf } from './page-language.ts';
import { type PagePurpose, purposes } from './purposes.ts';
import type { Refusal } from './refusal.ts';
import { revealScript } from './reveal.ts';

export function codePage(c: PageContext, purpose: PagePurpose, refusal?: Refusal): Page {
  const copy = codePageCopy[languageOf(c)];
  const email = refusal ? undefined : boundEmail(c);
  const known = refusal?.values['email'] ?? email;
  return {
    title: email === undefined ? copy.title : copy.titleAfterEmail,
    scripts: scriptsOf(purpose),
    leadsTo: purpose === 'sign-in' ? toRedirectSources(c.env.settings) : [],
    body: html`
      ${email && html`<p class="lead">${copy.sent[purpose](html`<strong>${toBreakable(email)}</strong>`)} ${copy.next}</p>`}
      ${refusalNotice(refusal)} ${codeForm(c, purpose, refusal)}
      <div class="links">
        ${purpose !== 'email-change' && known !== undefined ? newEmailForm(purpose, known, copy.again) : ''}
        <a href="${purposes[purpose].requestAt}">${known === undefined ? copy.noEmail : copy.otherAddress}</a>
      </div>
      <p class="fine">${copy.help}</p>
    `,
  };
}

/** What `codeForm` needs. */
export const scriptsOf = (purpose: PagePurpose) => (purpose === 'password-reset' ? [revealScript] : []);

/** With a new password where the code is to allow one. */
export function codeForm(c: PageContext, purpose: PagePurpose, refusal?: Refusal): Html {
  const language = languageOf(c);
  const email = boundEmail(c);
  const isReset = purpose === 'password-reset';
  return html`<form method="post" action="${isReset ? '/auth/reset' : '/auth/code'}">
    <input type="hidden" name="for" value="${purpose}" />
    ${emailField(language, { value: email, isFirst: email === undefined, enterKeyHint: 'next' }, refusal)}
    ${codeField(language, refusal, { isFirst: email !== undefined && !refusal })}
    ${isReset ? newPasswordField(language, { name: 'new_password' }, refusal) : ''}
    <button class="button">
      ${isReset ? codePageCopy[language].setNewPassword : purposeButtonCopy[language][purpose]}
    </button>
  </form>`;
}
