/** A person's account on one page: who they are, how they sign in, where they are signed in, what they can take away. */
import { html } from 'hono/html';
import { toDeviceName } from '../core/user-agent.ts';
import type { ListedSession } from '../sessions/session-list.ts';
import type { SignedInAccount } from '../accounts/signed-in-account.ts';
import type { Html, Page } from './layout.ts';
import { toElapsed } from './elapsed.ts';

/** What other pages send people here with: `?notice=...`. No text of the address is ever shown. */
const notices = new Map([
  ['name-changed', 'Your name is saved.'],
  ['password-changed', 'Your password is saved, and all other devices are signed out.'],
  ['email-changed', 'Your new address is confirmed. Sign in with it from now on.'],
  ['device-signed-out', 'That device is signed out.'],
  ['device-gone', 'That device was signed out already.'],
  ['others-signed-out', 'All other devices are signed out.'],
]);

const roles = { owner: 'You are an owner', admin: 'You are an admin', member: 'You are a member' };

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
  const text = notices.get(notice);
  return {
    title: 'Your account',
    isWide: true,
    body: html`
      ${text && html`<p class="notice" role="status">${text}</p>`}
      <form method="post" action="/account/sign-out" class="bar">
        <p class="lead">Signed in as <strong>${email}</strong></p>
        <button class="button quiet small">Sign out</button>
      </form>
      <section aria-labelledby="profile">
        <h2 id="profile">Profile</h2>
        <dl class="rows">
          ${fact('Name', name ?? html`<span class="more">Not set</span>`, {
            href: '/account/name',
            label: name === null ? 'Add' : 'Change',
            about: 'your name',
          })}
          ${
            organization &&
            fact(
              'Organization',
              html`${organization.name} <span class="fine">${roles[organization.role]}</span>`,
            )
          }
        </dl>
      </section>
      <section aria-labelledby="sign-in">
        <h2 id="sign-in">Signing in</h2>
        <dl class="rows">
          ${fact(
            'Email address',
            html`${email}${emailVerifiedAt ? '' : html` <span class="fine">Not confirmed yet</span>`}`,
            { href: '/account/email', label: 'Change', about: 'your email address' },
          )}
          ${fact(
            'Password',
            hasPassword ? 'Set' : html`None <span class="fine">You sign in by mailed links</span>`,
            {
              href: '/account/password',
              label: hasPassword ? 'Change' : 'Set',
              about: hasPassword ? 'your password' : 'a password',
            },
          )}
        </dl>
      </section>
      <section aria-labelledby="devices">
        <h2 id="devices">Devices</h2>
        <p class="fine">
          Where you are signed in. If you don’t know one of them, sign it out and change your password.
        </p>
        <ul class="rows">
          ${toCurrentFirst(sessions, currentId).map((session) => device(session, currentId, now))}
        </ul>
        ${
          sessions.length > 1
            ? html`<form method="post" action="/account/devices/end-others" class="bar">
                <button class="button quiet small">Sign out all other devices</button>
              </form>`
            : ''
        }
      </section>
      <section aria-labelledby="data">
        <h2 id="data">Your data</h2>
        <p class="fine">Everything that we hold on you, as one JSON file.</p>
        <div class="actions">
          <a class="button quiet small" href="/account/export" download>Download your data</a>
          <a class="danger" href="/account/delete">Delete your account</a>
        </div>
      </section>
    `,
  };
}

function fact(
  term: string,
  value: string | Html,
  change?: { readonly href: string; readonly label: string; readonly about: string },
): Html {
  return html`<div>
    <dt>${term}</dt>
    <dd>${value}</dd>
    ${
      change
        ? html`<dd class="change">
            <a href="${change.href}">${change.label}<span class="unseen"> ${change.about}</span></a>
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
      <strong>${title}</strong>${isCurrent ? html` <span class="badge">This device</span>` : ''}
      <p class="fine">
        ${address ?? 'Address unknown'} ·
        <time datetime="${rotatedAt.toISOString()}">${toElapsed(rotatedAt, now)}</time>
      </p>
    </div>
    ${
      isCurrent
        ? ''
        : html`<form method="post" action="/account/devices/end">
            <input type="hidden" name="id" value="${id}" />
            <button class="button quiet small">
              Sign out<span class="unseen"> ${name}, ${address}</span>
            </button>
          </form>`
    }
  </li>`;
}

function toCurrentFirst(sessions: readonly ListedSession[], currentId: string): readonly ListedSession[] {
  return sessions.toSorted((a, b) => Number(b.id === currentId) - Number(a.id === currentId));
}
