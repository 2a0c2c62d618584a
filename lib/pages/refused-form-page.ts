/** A form by itself, for what it was refused by: what else its page shows takes statements, and has to be looked at no more. */
import { html } from 'hono/html';
import { refusalNotice } from './fields.ts';
import type { Html, Page } from './layout.ts';
import type { Refusal } from './refusal.ts';

interface RefusedForm {
  readonly title: string;
  readonly refusal: Refusal;
  readonly form: Html;
  readonly back: { readonly href: string; readonly label: string };
}

export function refusedFormPage({ title, refusal, form, back }: RefusedForm): Page {
  return {
    title,
    body: html`
      ${refusalNotice(refusal)} ${form}
      <p class="links"><a href="${back.href}">${back.label}</a></p>
    `,
  };
}
