/** Signing in: by password, or by a link that is mailed. */
import { html } from 'hono/html';
import * as copy from './copy.ts';
import { emailField, passwordField, refusalNotice, returnField } from './fields.ts';
import { newEmailForm } from './email-request-page.ts';
import type { Html, Page, PageContext } from './layout.ts';
import type { Refusal } from './refusal.ts';

export function signInPage(c: PageContext, refusal?: Refusal): Page {
  const notice = refusal ? undefined : copy.signInNotices.get(c.req.query('notice') ?? '');
  return {
    title: copy.signIn,
    body: html`
      ${notice && html`<p class="notice" role="status">${notice}</p>`}
      ${refusalNotice(refusal, refusal && toWayOn(c, refusal))}
      <form method="post" action="/auth/sign-in">
        ${returnField(c, refusal)} ${emailField({ isFirst: true, enterKeyHint: 'next' }, refusal)}
        ${passwordField({}, refusal)}
        <button class="button">${copy.signIn}</button>
        <p class="or">${copy.signInOr}</p>
        <button class="button quiet" formaction="/auth/sign-in/link" formnovalidate>
          ${copy.signInByEmail}
        </button>
      </form>
      <p class="links">
        <a href="/auth/forgot">${copy.forgotPassword}</a>
        ${c.env.settings.signUpOpen ? html`<a href="/auth/register">${copy.signInCreateAccount}</a>` : ''}
      </p>
    `,
  };
}

function toWayOn(c: PageContext, refusal: Refusal): Html | '' {
  const { slug, isLocked, values } = refusal;
  if (slug === 'email-unverified')
    return newEmailForm('email-verification', values['email'], copy.signInNewVerification);
  if (!isLocked) return '';
  const link = newEmailForm('sign-in', values['email'], copy.signInByEmail, returnField(c, refusal));
  return html`<p>${copy.signInLocked}</p>
    ${link}`;
}
