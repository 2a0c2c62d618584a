/** Requesting an email: one address, one button. */
import { html } from 'hono/html';
import { emailRequestPageCopy } from './copy.ts';
import { emailField, refusalNotice, returnField } from './fields.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';
import { type PagePurpose, purposes } from './purposes.ts';
import type { Refusal } from './refusal.ts';

type RequestedPurpose = Exclude<PagePurpose, 'email-change'>;

export function emailRequestPage(c: PageContext, purpose: RequestedPurpose, refusal?: Refusal): Page {
  const language = languageOf(c);
  const copy = emailRequestPageCopy[language];
  const { title, lead, button } = copy[purpose];
  return {
    title,
    body: html`
      <p class="lead">${lead}</p>
      ${refusalNotice(refusal)}
      <form method="post" action="${purposes[purpose].requestAt}">
        ${purpose === 'sign-in' ? returnField(c, refusal) : ''}
        ${emailField(language, { isFirst: true, enterKeyHint: 'send' }, refusal)}
        <button class="button">${button}</button>
      </form>
      <p class="links"><a href="/auth/sign-in">${copy.withPassword}</a></p>
    `,
  };
}

/** The same request as a single button, where the address is known. */
export function newEmailForm(
  purpose: RequestedPurpose,
  email: string | undefined,
  button: string,
  more: Html | '' = '',
): Html {
  return html`<form method="post" action="${purposes[purpose].requestAt}">
    <input type="hidden" name="email" value="${email ?? ''}" />
    ${more}
    <button class="button quiet small">${button}</button>
  </form>`;
}
