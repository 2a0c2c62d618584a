/** After an email was requested: its link may be opened here, or its code typed, from whatever device it was read on. */
import { html } from 'hono/html';
import { boundEmail } from './browser-binding.ts';
import * as copy from './copy.ts';
import { codeField, emailField, newPasswordField, refusalNotice } from './fields.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { newEmailForm } from './email-request-page.ts';
import { type PagePurpose, purposes } from './purposes.ts';
import type { Refusal } from './refusal.ts';

export function codePage(c: PageContext, purpose: PagePurpose, refusal?: Refusal): Page {
  const email = refusal ? undefined : boundEmail(c);
  const known = refusal?.values['email'] ?? email;
  return {
    title: email === undefined ? copy.codeTitle : copy.codeTitleAfterEmail,
    leadsTo: purpose === 'sign-in' ? c.env.settings.redirectOrigins : [],
    body: html`
      ${email && html`<p class="lead">${copy.codeSent[purpose](email)} ${copy.codeNext}</p>`}
      ${refusalNotice(refusal)} ${codeForm(c, purpose, refusal)}
      <div class="links">
        ${purpose !== 'email-change' && known !== undefined ? newEmailForm(purpose, known, copy.codeAgain) : ''}
        <a href="${purposes[purpose].requestAt}"
          >${known === undefined ? copy.codeNoEmail : copy.codeOtherAddress}</a
        >
      </div>
      <p class="fine">${copy.codeHelp}</p>
    `,
  };
}

/** With a new password where the code is to allow one. */
export function codeForm(c: PageContext, purpose: PagePurpose, refusal?: Refusal): Html {
  const email = boundEmail(c);
  const isReset = purpose === 'password-reset';
  return html`<form method="post" action="${isReset ? '/auth/reset' : '/auth/code'}">
    <input type="hidden" name="for" value="${purpose}" />
    ${emailField({ value: email, isFirst: email === undefined, enterKeyHint: 'next' }, refusal)}
    ${codeField(refusal, { isFirst: email !== undefined && !refusal })}
    ${isReset ? newPasswordField({ name: 'new_password' }, refusal) : ''}
    <button class="button">${isReset ? copy.setNewPassword : copy.purposeButtons[purpose]}</button>
  </form>`;
}
