/** Making an account by password. */
import { html } from 'hono/html';
import * as copy from './copy.ts';
import { emailField, field, newPasswordField, refusalNotice, returnField } from './fields.ts';
import type { Page, PageContext } from './layout.ts';
import type { Refusal } from './refusal.ts';

export function registerPage(c: PageContext, refusal?: Refusal): Page {
  if (!c.env.settings.signUpOpen) {
    return {
      title: copy.registerClosed,
      body: html`
        <p class="lead">${copy.signUpClosed}</p>
        <a class="button" href="/auth/sign-in">${copy.signIn}</a>
      `,
    };
  }
  return {
    title: copy.registerTitle,
    body: html`
      ${refusalNotice(refusal)}
      <form method="post" action="/auth/register">
        ${returnField(c, refusal)}
        ${field(
          {
            name: 'name',
            label: copy.nameLabel,
            takes: copy.nameTakes,
            autocomplete: 'name',
            isOptional: true,
            enterKeyHint: 'next',
            maxLength: 100,
          },
          refusal,
        )}
        ${emailField({ enterKeyHint: 'next' }, refusal)}
        ${newPasswordField({ label: copy.passwordLabel }, refusal)}
        <button class="button">${copy.createAccount}</button>
      </form>
      <p class="links">
        <a href="/auth/sign-in">${copy.registerSignIn}</a>
        <a href="/auth/sign-in/link">${copy.registerWithoutPassword}</a>
      </p>
    `,
  };
}
