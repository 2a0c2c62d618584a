/** What pages say of a link that leads on to an app, which gets a code for it (`accounts/authorization-code.ts`). */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import { toBreakable } from './breakable.ts';
import { appLinkCopy } from './copy.ts';
import type { Html } from './layout.ts';

/** Its host; of an app on the device, which has none that tells, its scheme. */
export function toAppName(redirectTo: string): string {
  const { protocol, host } = new URL(redirectTo);
  return /^https?:$/.test(protocol) ? host : protocol.slice(0, -1);
}

/** @param meaning what the link does besides */
export function appLead(language: Language, app: string, meaning = ''): Html {
  const { leads, sameDevice } = appLinkCopy[language];
  const name = html`<strong>${toBreakable(app)}</strong>`;
  return html`<p class="lead">${leads(name)} ${meaning} ${sameDevice}</p>`;
}
