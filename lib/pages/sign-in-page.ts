/** Signing in: by password, or by a link that is mailed. */
import { html } from 'hono/html';
import { emailField, passwordField, refusalNotice, returnField } from './fields.ts';
import { newEmailForm } from './email-request-page.ts';
import type { Html, Page, PageContext } from './layout.ts';
import type { Refusal } from './refusal.ts';

/** What other pages send people here with: `?notice=...`. */
const notices = new Map([
  ['session-ended', 'You have been signed out. Sign in again to go on.'],
  ['signed-out', 'You are signed out.'],
  ['password-reset', 'Your new password is set, and all other devices are signed out. Sign in with it.'],
  ['email-changed', 'Your new address is confirmed. Sign in with it from now on.'],
  ['account-deleted', 'Your account is deleted.'],
]);

export function signInPage(c: PageContext, refusal?: Refusal): Page {
  const notice = refusal ? undefined : notices.get(c.req.query('notice') ?? '');
  return {
    title: 'Sign in',
    body: html`
      ${notice && html`<p class="notice" role="status">${notice}</p>`}
      ${refusalNotice(refusal, refusal?.slug === 'email-unverified' ? newVerification(refusal) : '')}
      <form method="post" action="/auth/sign-in">
        ${returnField(c, refusal)} ${emailField({ isFirst: true, enterKeyHint: 'next' }, refusal)}
        ${passwordField({}, refusal)}
        <button class="button">Sign in</button>
        <p class="or">or without a password</p>
        <button class="button quiet" formaction="/auth/sign-in/link" formnovalidate>Mail me a link</button>
      </form>
      <p class="links">
        <a href="/auth/forgot">Forgot your password?</a>
        ${c.env.settings.signUpOpen ? html`<a href="/auth/register">Create an account</a>` : ''}
      </p>
    `,
  };
}

function newVerification(refusal: Refusal): Html {
  return newEmailForm('email-verification', refusal.values['email'], 'Mail me a new link');
}
