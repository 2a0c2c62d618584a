/** Asking for an email: one address, one button. */
import { html } from 'hono/html';
import { emailField, refusalNotice, returnField } from './fields.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { type PagePurpose, purposes } from './purposes.ts';
import type { Refusal } from './refusal.ts';

type AskedPurpose = Exclude<PagePurpose, 'email-change'>;

const words: Readonly<Record<AskedPurpose, { title: string; lead: string; button: string }>> = {
  'sign-in': {
    title: 'Sign in by mail',
    lead: 'We mail you a link and a code. Either signs you in, without a password.',
    button: 'Mail me a link',
  },
  'email-verification': {
    title: 'Confirm your email address',
    lead: 'We mail you a new link and a new code. The older ones end with it.',
    button: 'Mail me a new link',
  },
  'password-reset': {
    title: 'Forgot your password?',
    lead: 'We mail you a link and a code to set a new one.',
    button: 'Mail me a link',
  },
};

export function emailRequestPage(c: PageContext, purpose: AskedPurpose, refusal?: Refusal): Page {
  const { title, lead, button } = words[purpose];
  return {
    title,
    body: html`
      <p class="lead">${lead}</p>
      ${refusalNotice(refusal)}
      <form method="post" action="${purposes[purpose].askAt}">
        ${purpose === 'sign-in' ? returnField(c, refusal) : ''}
        ${emailField({ isFirst: true, enterKeyHint: 'send' }, refusal)}
        <button class="button">${button}</button>
      </form>
      <p class="links"><a href="/auth/sign-in">Sign in with a password</a></p>
    `,
  };
}

/** The same request as a single button, where the address is known. */
export function newEmailForm(purpose: AskedPurpose, email: string | undefined, button: string): Html {
  return html`<form method="post" action="${purposes[purpose].askAt}">
    <input type="hidden" name="email" value="${email ?? ''}" />
    <button class="button quiet small">${button}</button>
  </form>`;
}
