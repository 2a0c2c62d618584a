/** What a person wants to be called. */
import { html } from 'hono/html';
import { field, refusalNotice } from './fields.ts';
import type { Page } from './layout.ts';
import type { Refusal } from './refusal.ts';

export function accountNamePage(name: string | null, refusal?: Refusal): Page {
  return {
    title: 'Your name',
    body: html`
      ${refusalNotice(refusal)}
      <form method="post" action="/account/name">
        ${field(
          {
            name: 'name',
            label: 'Name',
            autocomplete: 'name',
            hint: 'How you are called here. Leave it empty to have none.',
            isOptional: true,
            enterKeyHint: 'done',
            maxLength: 100,
            value: name ?? undefined,
            isFirst: true,
          },
          refusal,
        )}
        <button class="button">Save</button>
      </form>
      <p class="links"><a href="/account">Back to your account</a></p>
    `,
  };
}
