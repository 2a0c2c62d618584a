/** How often the API keys of an organization were used on each of the last 30 days: as a picture, and as a table. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import type { OrganizationRow } from '../accounts/account.ts';
import type { DayOfUse } from '../api-keys/usage-list.ts';
import { organizationUsagePageCopy } from './copy.ts';
import { keysPath } from './keys-path.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { organizationStyle } from './organization-style.ts';
import { languageOf } from './page-language.ts';
import { type Day, usageChart, usageChartStyle } from './usage-chart.ts';

interface UsageView {
  readonly organization: OrganizationRow;
  readonly usage: readonly DayOfUse[];
  readonly now: Date;
}

export function organizationUsagePage(c: PageContext, { organization, usage, now }: UsageView): Page {
  const language = languageOf(c);
  const copy = organizationUsagePageCopy[language];
  const days = toDays(usage, now);
  return {
    title: copy.title,
    isWide: true,
    ownStyle: organizationStyle + usageChartStyle,
    body: html`
      <p class="lead">${organization.name}</p>
      <p>${copy.hint}</p>
      ${usage.length === 0 ? html`<p class="fine">${copy.none}</p>` : usageChart(language, days)}
      <details>
        <summary>${copy.asTable}</summary>
        ${table(language, days)}
      </details>
      <p class="links">
        <a href="${keysPath(organization.id)}">${copy.keys}</a>
        <a href="/organization">${copy.back}</a>
      </p>
    `,
  };
}

const dayMs = 86_400_000;

/** Each of the last 30 days (UTC), oldest first, of all keys together. */
function toDays(usage: readonly DayOfUse[], now: Date): readonly Day[] {
  return Array.from({ length: 30 }, (_, nth) => {
    const day = new Date(now.getTime() - (29 - nth) * dayMs).toISOString().slice(0, 10);
    const ofDay = usage.filter((use) => use.day === day);
    const sum = (name: 'requests' | 'refused') => ofDay.reduce((total, use) => total + use[name], 0);
    return { day, requests: sum('requests'), refused: sum('refused') };
  });
}

function table(language: Language, days: readonly Day[]): Html {
  const copy = organizationUsagePageCopy[language];
  const number = new Intl.NumberFormat(language);
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  return html`<table>
    <caption class="unseen">
      ${copy.title}
    </caption>
    <thead>
      <tr>
        <th scope="col">${copy.day}</th>
        <th scope="col">${copy.requests}</th>
        <th scope="col">${copy.refused}</th>
      </tr>
    </thead>
    <tbody>
      ${days.toReversed().map(
        ({ day, requests, refused }) =>
          html`<tr>
            <th scope="row"><time datetime="${day}">${date.format(new Date(day))}</time></th>
            <td>${number.format(requests)}</td>
            <td>${number.format(refused)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
