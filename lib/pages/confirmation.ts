/** What forms ask for before something that can't be undone: the password, or of an account without one to have just signed in. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import type { Confirmation } from '../accounts/reauthenticate.ts';
import { confirmationCopy } from './copy.ts';
import { passwordField } from './fields.ts';
import type { Html, Page } from './layout.ts';
import type { Refusal } from './refusal.ts';

/** The field for it, with what a password manager and a refused form need to know. */
export function confirmationFields(
  language: Language,
  confirmation: Confirmation,
  refusal: Refusal | undefined,
  options: Parameters<typeof passwordField>[1] = {},
): Html {
  const { email, hasPassword } = confirmation;
  return html`
    <input type="hidden" name="confirm_by" value="${hasPassword ? 'password' : 'sign-in'}" />
    <input type="text" name="username" value="${email}" autocomplete="username" hidden readonly />
    ${hasPassword ? passwordField(language, { label: confirmationCopy[language].password, ...options }, refusal) : ''}
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

/**
 * In place of the form, for who has to have just signed in and has not.
 *
 * @param reason why; that the account has no password unless told
 */
export function signInAgainPage(language: Language, title: string, to: string, reason?: string): Page {
  const copy = confirmationCopy[language];
  return {
    title,
    body: html`
      ${signInAgainPart(language, to, reason ?? copy.reason)}
      <p class="links"><a href="/account">${copy.back}</a></p>
    `,
  };
}

/** In place of a form on a page that has more on it. */
export function signInAgainPart(language: Language, to: string, reason: string): Html {
  const copy = confirmationCopy[language];
  return html`
    <div class="notice" role="status">
      <strong>${copy.title}</strong>
      <p>${reason}</p>
    </div>
    <form method="post" action="/account/sign-out">
      <input type="hidden" name="to" value="${to}" />
      <button class="button">${copy.signIn}</button>
    </form>
  `;
}

export const needsSignIn = ({ hasPassword, isFresh }: Confirmation) => !hasPassword && !isFresh;

/** A wrong password is shown at its field, where typing goes on. */
export function atField(language: Language, name: string, refusal: Refusal | undefined): Refusal | undefined {
  if (refusal?.slug !== 'password-incorrect') return refusal;
  return { ...refusal, errors: { [name]: confirmationCopy[language].wrong } };
}
