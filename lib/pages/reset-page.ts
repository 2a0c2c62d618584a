/** Setting a new password: against the token of a link, or against a code. */
import { html } from 'hono/html';
import * as copy from './copy.ts';
import { newPasswordField, refusalNotice } from './fields.ts';
import type { Html, Page } from './layout.ts';
import type { Refusal } from './refusal.ts';

/** `email` is for the password manager, which files the new password under it; nothing is checked by it. */
export function resetPage(
  { token, email, facts }: { token: string; email: string; facts?: Html | undefined },
  refusal?: Refusal,
): Page {
  return {
    title: copy.resetTitle,
    body: html`
      <p class="lead">${copy.resetLead}</p>
      ${facts ?? ''} ${refusalNotice(refusal)}
      <form method="post" action="/auth/reset">
        <input type="hidden" name="token" value="${token}" />
        <div class="field">
          <label for="username">${copy.emailLabel}</label>
          <input
            id="username"
            name="username"
            type="email"
            autocomplete="username"
            value="${email}"
            readonly
          />
        </div>
        ${newPasswordField({ name: 'new_password', isFirst: true }, refusal)}
        <button class="button">${copy.setNewPassword}</button>
      </form>
    `,
  };
}
