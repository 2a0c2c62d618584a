/** Setting a new password: against the token of a link, or against a code. */
import { html } from 'hono/html';
import { toRedirectSources } from '../http/redirect-sources.ts';
import { appLead } from './app-link.ts';
import { resetPageCopy } from './copy.ts';
import { newPasswordField, refusalNotice } from './fields.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';
import { revealScript } from './reveal.ts';

export interface ResetLink {
  readonly token: string;
  readonly email: string;
  readonly facts?: Html | undefined;
  /** The app that the link leads on to, by name. */
  readonly app: string | undefined;
}

/** `email` is for the password manager, which files the new password under it; nothing is checked by it. */
export function resetPage(c: PageContext, { token, email, facts, app }: ResetLink, refusal?: Refusal): Page {
  const language = languageOf(c);
  const copy = resetPageCopy[language];
  return {
    title: copy.title,
    scripts: [revealScript],
    leadsTo: app === undefined ? [] : toRedirectSources(c.env.settings),
    body: html`
      <p class="lead">${copy.lead}</p>
      ${app === undefined ? '' : appLead(language, app)} ${facts ?? ''} ${refusalNotice(refusal)}
      <form method="post" action="/auth/reset">
        <input type="hidden" name="token" value="${token}" />
        ${app === undefined ? '' : html`<input type="hidden" name="app" value="${app}" />`}
        <div class="field">
          <label for="username">${copy.email}</label>
          <input
            id="username"
            name="username"
            type="email"
            autocomplete="username"
            value="${email}"
            readonly
          />
        </div>
        ${newPasswordField(language, { name: 'new_password', isFirst: true }, refusal)}
        <button class="button">${copy.submit}</button>
      </form>
    `,
  };
}
