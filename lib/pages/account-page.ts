/** A person's account on one page: who they are, how they sign in, where they are signed in, what they can take along. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import { toDeviceName } from '../core/device-name.ts';
import { languageNames } from '../core/language.ts';
import { toDevice } from '../core/user-agent.ts';
import type { ListedSession } from '../sessions/session-list.ts';
import type { SignedInAccount } from '../accounts/signed-in-account.ts';
import { toBreakable } from './breakable.ts';
import { accountPageCopy } from './copy.ts';
import type { LinkCopy } from './copy/en.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { toLabel } from './link-label.ts';
import { noticeOf } from './notice.ts';
import { languageOf } from './page-language.ts';
import { toElapsed } from './elapsed.ts';

export interface AccountView {
  readonly account: SignedInAccount;
  readonly sessions: readonly ListedSession[];
  readonly currentId: string;
  readonly now: Date;
}

export function accountPage(c: PageContext, { account, sessions, currentId, now }: AccountView): Page {
  const language = languageOf(c);
  const copy = accountPageCopy[language];
  const { email, emailVerifiedAt, name, locale, hasPassword, organization } = account;
  const notice = noticeOf(copy.notices, c.req.query('notice'));
  return {
    title: copy.title,
    isWide: true,
    body: html`
      ${notice && html`<p class="notice" role="status">${notice}</p>`}
      <form method="post" action="/account/sign-out" class="bar">
        <p class="lead">${copy.signedInAs(html`<strong>${toBreakable(email)}</strong>`)}</p>
        <button class="button quiet small">${copy.signOut}</button>
      </form>
      <section aria-labelledby="profile">
        <h2 id="profile">${copy.profile}</h2>
        <dl class="rows">
          ${fact(copy.name, name ?? html`<span class="more">${copy.noName}</span>`, {
            href: '/account/name',
            label: name === null ? copy.addName : copy.changeName,
          })}
          ${fact(copy.locale, languageNames[locale], { href: '/account/name', label: copy.changeLocale })}
          ${fact(
            copy.organization,
            organization
              ? html`${organization.name} <span class="fine">${copy.roles[organization.role]}</span>`
              : html`<span class="more">${copy.noOrganization}</span>`,
            { href: '/account/organizations', label: copy.seeOrganizations },
          )}
        </dl>
      </section>
      <section aria-labelledby="sign-in">
        <h2 id="sign-in">${copy.signingIn}</h2>
        <dl class="rows">
          ${fact(
            copy.email,
            html`${toBreakable(email)}${emailVerifiedAt ? '' : html` <span class="fine">${copy.unverified}</span>`}`,
            { href: '/account/email', label: copy.changeEmail },
          )}
          ${fact(
            copy.password,
            hasPassword
              ? copy.hasPassword
              : html`${copy.noPassword} <span class="fine">${copy.byEmail}</span>`,
            {
              href: '/account/password',
              label: hasPassword ? copy.changePassword : copy.setPassword,
            },
          )}
        </dl>
      </section>
      <section aria-labelledby="devices">
        <h2 id="devices">${copy.devices}</h2>
        <p class="fine">${copy.devicesHint}</p>
        <ul class="rows">
          ${toCurrentFirst(sessions, currentId).map((session) => device(language, session, { isCurrent: session.id === currentId, now }))}
        </ul>
        ${
          sessions.length > 1
            ? html`<form method="post" action="/account/devices/end-others" class="bar">
                <button class="button quiet small">${copy.signOutOthers}</button>
              </form>`
            : ''
        }
        <p class="links"><a href="/account/activity">${copy.activity}</a></p>
      </section>
      <section aria-labelledby="data">
        <h2 id="data">${copy.data}</h2>
        <p class="fine">${copy.dataHint}</p>
        <div class="actions">
          <a class="button quiet small" href="/account/export" download>${copy.download}</a>
          <a class="danger" href="/account/delete">${copy.delete}</a>
        </div>
      </section>
    `,
  };
}

function fact(
  term: string,
  value: string | Html,
  change?: { readonly href: string; readonly label: LinkCopy },
): Html {
  return html`<div>
    <dt>${term}</dt>
    <dd>${value}</dd>
    ${
      change
        ? html`<dd class="change">
            <a href="${change.href}">${toLabel(change.label)}</a>
          </dd>`
        : ''
    }
  </div>`;
}

function device(
  language: Language,
  { id, userAgent, address, rotatedAt }: ListedSession,
  { isCurrent, now }: { readonly isCurrent: boolean; readonly now: Date },
): Html {
  const copy = accountPageCopy[language];
  const name = toDeviceName(toDevice(userAgent), language);
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  return html`<li>
    <div>
      <strong>${title}</strong>${isCurrent ? html` <span class="badge">${copy.thisDevice}</span>` : ''}
      <p class="fine">
        ${address === null ? copy.unknownAddress : toBreakable(address)} ·
        <time datetime="${rotatedAt.toISOString()}">${toElapsed(language, rotatedAt, now)}</time>
      </p>
    </div>
    ${
      isCurrent
        ? ''
        : html`<form method="post" action="/account/devices/end">
            <input type="hidden" name="id" value="${id}" />
            <button class="button quiet small">
              ${toLabel(copy.signOutDevice(address === null ? name : `${name}, ${address}`))}
            </button>
          </form>`
    }
  </li>`;
}

function toCurrentFirst(sessions: readonly ListedSession[], currentId: string): readonly ListedSession[] {
  return sessions.toSorted((a, b) => Number(b.id === currentId) - Number(a.id === currentId));
}
