/** What forms ask for before something that can't be undone: the password, or of an account without one to have just signed in. */
import { html } from 'hono/html';
import type { Confirmation } from '../accounts/reauthenticate.ts';
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
    ${hasPassword ? passwordField({ label: 'Your password', ...options }, refusal) : ''}
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
        <strong>Sign in again first</strong>
        <p>Your account has no password, so this works for 15 minutes after you have signed in.</p>
      </div>
      <form method="post" action="/account/sign-out">
        <input type="hidden" name="to" value="${to}" />
        <button class="button">Sign in again</button>
      </form>
      <p class="links"><a href="/account">Back to your account</a></p>
    `,
  };
}

export const needsSignIn = ({ hasPassword, isFresh }: Confirmation) => !hasPassword && !isFresh;

/** A wrong password is told at its field, where typing goes on. */
export function atField(name: string, refusal: Refusal | undefined): Refusal | undefined {
  if (refusal?.slug !== 'password-incorrect') return refusal;
  return { ...refusal, errors: { [name]: 'This is not the password of your account' } };
}
