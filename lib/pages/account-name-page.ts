/** What a person wants to be called. */
import { html } from 'hono/html';
import * as copy from './copy.ts';
import { field, refusalNotice } from './fields.ts';
import type { Page } from './layout.ts';
import type { Refusal } from './refusal.ts';

export function accountNamePage(name: string | null, refusal?: Refusal): Page {
  return {
    title: copy.accountNameTitle,
    body: html`
      ${refusalNotice(refusal)}
      <form method="post" action="/account/name">
        ${field(
          {
            name: 'name',
            label: copy.nameLabel,
            takes: copy.nameTakes,
            autocomplete: 'name',
            hint: copy.accountNameHint,
            isOptional: true,
            enterKeyHint: 'done',
            maxLength: 100,
            value: name ?? undefined,
            isFirst: true,
          },
          refusal,
        )}
        <button class="button">${copy.accountNameSubmit}</button>
      </form>
      <p class="links"><a href="/account">${copy.backToAccount}</a></p>
    `,
  };
}
