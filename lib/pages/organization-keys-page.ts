/** The API keys of an organization: all of them for who manages them, for others their own. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import type { OrganizationRow } from '../accounts/account.ts';
import type { ListedKey } from '../api-keys/api-key-list.ts';
import type { ManagedKey } from '../api-keys/managed-key.ts';
import { hasPermission, isPermission } from '../core/permissions.ts';
import { apiKeyForm } from './api-key-form.ts';
import { signInAgainPart } from './confirmation.ts';
import { organizationKeysPageCopy } from './copy.ts';
import { keysPath } from './keys-path.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { toLabel } from './link-label.ts';
import { toNamedPath } from './named-path.ts';
import { noticeOf } from './notice.ts';
import { organizationKeysStyle } from './organization-keys-style.ts';
import { languageOf } from './page-language.ts';
import { toReadableTime } from './readable-time.ts';
import { selectField } from './select-field.ts';

interface KeysView {
  readonly organization: OrganizationRow;
  readonly keys: readonly ListedKey[];
  /** Of whoever looks. */
  readonly userId: string;
  /** Whether the sign-in is recent enough to make or replace a key. */
  readonly isFresh: boolean;
  readonly now: Date;
}

export function organizationKeysPage(c: PageContext, view: KeysView): Page {
  const language = languageOf(c);
  const copy = organizationKeysPageCopy[language];
  const { organization, keys, isFresh } = view;
  const notice = noticeOf(copy.notices, c.req.query('notice'));
  return {
    title: copy.title,
    isWide: true,
    ownStyle: organizationKeysStyle,
    body: html`
      ${notice && html`<p class="notice" role="status">${notice}</p>`}
      <p class="lead">${organization.name}</p>
      <section aria-labelledby="keys">
        <h2 id="keys">${copy.keys}</h2>
        ${
          keys.length === 0
            ? html`<p class="fine">${copy.none}</p>`
            : html`<ul class="rows">
                ${keys.map((key) => item(language, key, view))}
              </ul>`
        }
      </section>
      <section aria-labelledby="create">
        <h2 id="create">${copy.create}</h2>
        ${
          isFresh
            ? apiKeyForm(language, organization)
            : signInAgainPart(language, keysPath(organization.id), copy.signInReason)
        }
      </section>
      <p class="links">
        <a href="${toNamedPath('/organization/usage', organization.id)}">${copy.usage}</a>
        <a href="/organization">${copy.back}</a>
      </p>
    `,
  };
}

function item(language: Language, { apiKey: key, textId }: ListedKey, view: KeysView): Html {
  const copy = organizationKeysPageCopy[language];
  const { id, start, name, user_id, scopes, limit, last_used_at, previous_until } = key;
  const number = new Intl.NumberFormat(language);
  const time = (text: string) => toReadableTime(language, new Date(text));
  return html`<li>
    <div>
      <strong>${name}</strong> ${user_id !== null && html`<span class="badge">${copy.personal}</span>`}
      <p class="fine"><code>${start}…</code></p>
      <p class="fine">${copy.clientId}: <code>${id}</code></p>
      <p class="fine">${scopes.map((scope, nth) => html`${nth > 0 ? ', ' : ''}<code>${scope}</code>`)}</p>
      <p class="fine">
        ${copy.limit(number.format(limit.requests), number.format(limit.seconds))} ·
        ${expiryOf(language, key, view.now)} ·
        ${last_used_at === null ? copy.neverUsed : copy.lastUsed(time(last_used_at))}
      </p>
      ${
        previous_until !== null &&
        new Date(previous_until) > view.now &&
        html`<p class="fine">${copy.previous(time(previous_until))}</p>`
      }
      <details>
        <summary>${toLabel(copy.change(name))}</summary>
        ${mayRotate(key, view) ? rotation(language, key, textId, view.organization) : ''}
        <form method="post" action="/organization/keys/revoke">
          ${keyFields(key, view.organization)}
          <p class="fine">${copy.revokeMeaning}</p>
          <button class="button danger small">${toLabel(copy.revoke(name))}</button>
        </form>
      </details>
    </div>
  </li>`;
}

function expiryOf(language: Language, { expires_at }: ManagedKey, now: Date) {
  const copy = organizationKeysPageCopy[language];
  if (expires_at === null) return copy.never;
  const expiresAt = new Date(expires_at);
  return expiresAt <= now ? copy.expired : copy.expires(toReadableTime(language, expiresAt));
}

/** As `rotateKey` refuses; and of one that has expired another text would be of no use. */
function mayRotate(key: ManagedKey, { organization: { role }, userId, isFresh, now }: KeysView): boolean {
  const isTheirs = key.user_id === null ? hasPermission(role, 'keys:write') : key.user_id === userId;
  const isExpired = key.expires_at !== null && new Date(key.expires_at) <= now;
  const isWithin = key.scopes.filter(isPermission).every((scope) => hasPermission(role, scope));
  const mayLast = key.expires_at !== null || role === 'owner';
  return isFresh && isTheirs && !isExpired && isWithin && mayLast;
}

function rotation(language: Language, key: ManagedKey, textId: string, organization: OrganizationRow): Html {
  const copy = organizationKeysPageCopy[language];
  return html`<form method="post" action="/organization/keys/rotate">
    ${keyFields(key, organization)}
    <input type="hidden" name="text_id" value="${textId}" />
    <p class="fine">${copy.rotateMeaning}</p>
    ${selectField({
      name: 'overlap_seconds',
      id: `overlap-${key.id}`,
      label: toLabel(copy.overlap(key.name)),
      choices: copy.overlaps,
      chosen: '86400',
    })}
    <button class="button quiet small">${toLabel(copy.rotate(key.name))}</button>
  </form>`;
}

function keyFields({ id }: ManagedKey, organization: OrganizationRow): Html {
  return html`
    <input type="hidden" name="organization_id" value="${organization.id}" />
    <input type="hidden" name="id" value="${id}" />
  `;
}
