/** What forms ask for before something that can't be undone: the password, or of an account without one to have just signed in. */
import { html } from 'hono/html';
import type { Confirmation } from '../accounts/reauthenticate.ts';
import * as copy from './copy.ts';
import { passwordField } from './fields.ts';
import type { Html, Page } from './layout.ts';
import type { Refusal } from './refusal.ts';

/** The field for it, with what a password manager and a refused form need to know. */
export function confirmationFields(
  confirmation: Confirmation,
  refusal: Refusal | undefined,
  options: Parameters<typeof passwordField>[0] = {},
): Html {
  const { email, hasPassword } = confirmation;
  return html`
    <input type="hidden" name="confirm_by" value="${hasPassword ? 'password' : 'sign-in'}" />
    <input type="text" name="username" value="${email}" autocomplete="username" hidden readonly />
    ${hasPassword ? passwordField({ label: copy.confirmationPassword, ...options }, refusal) : ''}
  `;
}

/** What the refused form was shown with, from the form itself, so that to refuse takes no statement. */
export function toConfirmation({ slug, values }: Refusal): Confirmation {
  return {
    email: values['username'] ?? '',
    hasPassword: values['confirm_by'] === 'password' || slug === 'password-incorrect',
    isFresh: slug !== 'reauthentication-required',
  };
}

/** In place of the form, for who has no password and has not just signed in. */
export function signInAgainPage(title: string, to: string): Page {
  return {
    title,
    body: html`
      <div class="notice" role="status">
        <strong>${copy.confirmationTitle}</strong>
        <p>${copy.confirmationReason}</p>
      </div>
      <form method="post" action="/account/sign-out">
        <input type="hidden" name="to" value="${to}" />
        <button class="button">${copy.confirmationSignIn}</button>
      </form>
      <p class="links"><a href="/account">${copy.backToAccount}</a></p>
    `,
  };
}

export const needsSignIn = ({ hasPassword, isFresh }: Confirmation) => !hasPassword && !isFresh;

/** A wrong password is shown at its field, where typing goes on. */
export function atField(name: string, refusal: Refusal | undefined): Refusal | undefined {
  if (refusal?.slug !== 'password-incorrect') return refusal;
  return { ...refusal, errors: { [name]: copy.confirmationWrong } };
}
