/** Signing in: by password, or by a link that is mailed. */
import { html } from 'hono/html';
import { signInPageCopy } from './copy.ts';
import { emailField, passwordField, refusalNotice, returnField } from './fields.ts';
import { newEmailForm } from './email-request-page.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { noticeOf } from './notice.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';
import { revealScript } from './reveal.ts';

export function signInPage(c: PageContext, refusal?: Refusal): Page {
  const language = languageOf(c);
  const copy = signInPageCopy[language];
  const notice = refusal ? undefined : noticeOf(copy.notices, c.req.query('notice'));
  return {
    title: copy.title,
    scripts: [revealScript],
    body: html`
      ${notice && html`<p class="notice" role="status">${notice}</p>`}
      ${refusalNotice(refusal, refusal && toWayOn(c, refusal))}
      <form method="post" action="/auth/sign-in">
        ${returnField(c, refusal)} ${emailField(language, { isFirst: true, enterKeyHint: 'next' }, refusal)}
        ${passwordField(language, {}, refusal)}
        <button class="button">${copy.title}</button>
        <p class="or">${copy.or}</p>
        <button class="button quiet" formaction="/auth/sign-in/link" formnovalidate>${copy.byEmail}</button>
      </form>
      <p class="links">
        <a href="/auth/forgot">${copy.forgotPassword}</a>
        ${c.env.settings.signUpOpen ? html`<a href="/auth/register">${copy.createAccount}</a>` : ''}
      </p>
    `,
  };
}

function toWayOn(c: PageContext, refusal: Refusal): Html | '' {
  const { slug, isLocked, values } = refusal;
  const copy = signInPageCopy[languageOf(c)];
  if (slug === 'email-unverified')
    return newEmailForm('email-verification', values['email'], copy.newVerification);
  if (!isLocked) return '';
  return html`<p>${copy.locked}</p>
    ${newEmailForm('sign-in', values['email'], copy.byEmail, returnField(c, refusal))}`;
}
