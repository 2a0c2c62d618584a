/** Making an account by password. */
import { html } from 'hono/html';
import { emailField, field, newPasswordField, refusalNotice, returnField } from './fields.ts';
import type { Page, PageContext } from './layout.ts';
import type { Refusal } from './refusal.ts';

export function registerPage(c: PageContext, refusal?: Refusal): Page {
  if (!c.env.settings.signUpOpen) {
    return {
      title: 'New accounts are not open',
      body: html`
        <p class="lead">Ask the people who run this service for an account.</p>
        <a class="button" href="/auth/sign-in">Sign in</a>
      `,
    };
  }
  return {
    title: 'Create an account',
    body: html`
      ${refusalNotice(refusal)}
      <form method="post" action="/auth/register">
        ${returnField(c, refusal)}
        ${field(
          {
            name: 'name',
            label: 'Name',
            autocomplete: 'name',
            isOptional: true,
            enterKeyHint: 'next',
            maxLength: 100,
          },
          refusal,
        )}
        ${emailField({ enterKeyHint: 'next' }, refusal)} ${newPasswordField({ label: 'Password' }, refusal)}
        <button class="button">Create account</button>
      </form>
      <p class="links">
        <a href="/auth/sign-in">Sign in instead</a>
        <a href="/auth/sign-in/link">Go without a password</a>
      </p>
    `,
  };
}
