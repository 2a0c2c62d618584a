/** A person's account on one page: who they are, how they sign in, where they are signed in, what they can take along. */
import { html } from 'hono/html';
import { toDeviceName } from '../core/user-agent.ts';
import type { ListedSession } from '../sessions/session-list.ts';
import type { SignedInAccount } from '../accounts/signed-in-account.ts';
import * as copy from './copy.ts';
import type { Html, Page } from './layout.ts';
import { toElapsed } from './elapsed.ts';

export interface AccountView {
  readonly account: SignedInAccount;
  readonly sessions: readonly ListedSession[];
  readonly currentId: string;
  /** The name of a notice, whatever stands in the address. */
  readonly notice: string | undefined;
  readonly now: Date;
}

export function accountPage({ account, sessions, currentId, notice = '', now }: AccountView): Page {
  const { email, emailVerifiedAt, name, hasPassword, organization } = account;
  const text = copy.accountNotices.get(notice);
  return {
    title: copy.accountTitle,
    isWide: true,
    body: html`
      ${text && html`<p class="notice" role="status">${text}</p>`}
      <form method="post" action="/account/sign-out" class="bar">
        <p class="lead">${copy.accountSignedInAs(html`<strong>${email}</strong>`)}</p>
        <button class="button quiet small">${copy.accountSignOut}</button>
      </form>
      <section aria-labelledby="profile">
        <h2 id="profile">${copy.accountProfile}</h2>
        <dl class="rows">
          ${fact(copy.nameLabel, name ?? html`<span class="more">${copy.accountNoName}</span>`, {
            href: '/account/name',
            label: name === null ? copy.accountAddName : copy.accountChangeName,
          })}
          ${
            organization &&
            fact(
              copy.accountOrganization,
              html`${organization.name} <span class="fine">${copy.accountRoles[organization.role]}</span>`,
            )
          }
        </dl>
      </section>
      <section aria-labelledby="sign-in">
        <h2 id="sign-in">${copy.accountSigningIn}</h2>
        <dl class="rows">
          ${fact(
            copy.emailLabel,
            html`${email}${emailVerifiedAt ? '' : html` <span class="fine">${copy.accountUnverified}</span>`}`,
            { href: '/account/email', label: copy.accountChangeEmail },
          )}
          ${fact(
            copy.passwordLabel,
            hasPassword
              ? copy.accountHasPassword
              : html`${copy.accountNoPassword} <span class="fine">${copy.accountByEmail}</span>`,
            {
              href: '/account/password',
              label: hasPassword ? copy.accountChangePassword : copy.accountSetPassword,
            },
          )}
        </dl>
      </section>
      <section aria-labelledby="devices">
        <h2 id="devices">${copy.accountDevices}</h2>
        <p class="fine">${copy.accountDevicesHint}</p>
        <ul class="rows">
          ${toCurrentFirst(sessions, currentId).map((session) => device(session, currentId, now))}
        </ul>
        ${
          sessions.length > 1
            ? html`<form method="post" action="/account/devices/end-others" class="bar">
                <button class="button quiet small">${copy.accountSignOutOthers}</button>
              </form>`
            : ''
        }
      </section>
      <section aria-labelledby="data">
        <h2 id="data">${copy.accountData}</h2>
        <p class="fine">${copy.accountDataHint}</p>
        <div class="actions">
          <a class="button quiet small" href="/account/export" download>${copy.accountDownload}</a>
          <a class="danger" href="/account/delete">${copy.accountDelete}</a>
        </div>
      </section>
    `,
  };
}

function fact(
  term: string,
  value: string | Html,
  change?: { readonly href: string; readonly label: readonly [shown: string, heard: string] },
): Html {
  return html`<div>
    <dt>${term}</dt>
    <dd>${value}</dd>
    ${
      change
        ? html`<dd class="change">
            <a href="${change.href}">${change.label[0]}<span class="unseen"> ${change.label[1]}</span></a>
          </dd>`
        : ''
    }
  </div>`;
}

function device({ id, userAgent, address, rotatedAt }: ListedSession, currentId: string, now: Date): Html {
  const name = toDeviceName(userAgent);
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  const isCurrent = id === currentId;
  return html`<li>
    <div>
      <strong>${title}</strong>${isCurrent ? html` <span class="badge">${copy.accountThisDevice}</span>` : ''}
      <p class="fine">
        ${address ?? copy.accountUnknownAddress} ·
        <time datetime="${rotatedAt.toISOString()}">${toElapsed(rotatedAt, now)}</time>
      </p>
    </div>
    ${
      isCurrent
        ? ''
        : html`<form method="post" action="/account/devices/end">
            <input type="hidden" name="id" value="${id}" />
            <button class="button quiet small">
              ${copy.accountSignOut}<span class="unseen"> ${name}, ${address}</span>
            </button>
          </form>`
    }
  </li>`;
}

function toCurrentFirst(sessions: readonly ListedSession[], currentId: string): readonly ListedSession[] {
  return sessions.toSorted((a, b) => Number(b.id === currentId) - Number(a.id === currentId));
}
