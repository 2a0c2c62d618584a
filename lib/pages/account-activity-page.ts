/** What happened in a person's account, in words. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import type { AuditEventName } from '../../db/audit-event-names.ts';
import type { Activity, ActivityPage } from '../accounts/activity.ts';
import { toDeviceName } from '../core/device-name.ts';
import { toDevice } from '../core/user-agent.ts';
import { toBreakable } from './breakable.ts';
import { accountActivityPageCopy } from './copy.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';
import { toReadableTime } from './readable-time.ts';

export function accountActivityPage(c: PageContext, { activities, older }: ActivityPage): Page {
  const language = languageOf(c);
  const copy = accountActivityPageCopy[language];
  return {
    title: copy.title,
    isWide: true,
    body: html`
      <p class="lead">${copy.lead}</p>
      ${
        activities.length === 0
          ? html`<p>${copy.nothing}</p>`
          : html`<ul class="rows">
              ${activities.map((activity) => item(language, activity))}
            </ul>`
      }
      <p class="links">
        ${older !== null && html`<a href="/account/activity?before=${older}">${copy.older}</a>`}
        <a href="/account">${copy.back}</a>
      </p>
    `,
  };
}

function item(language: Language, activity: Activity): Html {
  const { occurredAt, userAgent, address } = activity;
  const device = userAgent === null ? undefined : toDeviceName(toDevice(userAgent), language);
  return html`<li>
    <div>
      <strong>${toWords(language, activity)}</strong>
      <p class="fine">
        ${toReadableTime(language, occurredAt)} ${device && ` · ${device}`}
        ${address !== null && html` · <span>${toBreakable(address)}</span>`}
      </p>
    </div>
  </li>`;
}

function toWords(language: Language, { event, toAnother, byOperator, organization }: Activity): string {
  const { events, toOthers, operator } = accountActivityPageCopy[language];
  const name = toName(event);
  const others: Partial<Record<AuditEventName, string>> = toOthers;
  const words = (toAnother ? others[name] : undefined) ?? events[name];
  const isOfOrganization =
    organization !== null && !/^(?:session|account|email|password|sign_in)\./.test(name);
  return `${words}${isOfOrganization ? `: ${organization}` : ''}${byOperator ? ` (${operator})` : ''}`;
}

/** Old rows have `-` where all have `_` now. */
const toName = (event: Activity['event']) => event.replaceAll('-', '_') as AuditEventName;
