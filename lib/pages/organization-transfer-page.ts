/** Handing an organization over: to whom, and the button for it. */
import { html } from 'hono/html';
import type { OrganizationRow } from '../accounts/account.ts';
import type { MemberPage } from '../organizations/member-list.ts';
import { signInAgainPage } from './confirmation.ts';
import { organizationTransferPageCopy } from './copy.ts';
import type { Page, PageContext } from './layout.ts';
import { toNamedPath } from './named-path.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';

const path = '/organization/transfer';

interface TransferView extends MemberPage {
  readonly organization: OrganizationRow;
  /** Of whoever hands over. */
  readonly userId: string;
}

export function organizationTransferPage(
  c: PageContext,
  { organization, members, next, userId: own }: TransferView,
): Page {
  const copy = organizationTransferPageCopy[languageOf(c)];
  const others = members.filter(({ userId }) => userId !== own);
  const { id, name } = organization;
  return {
    title: copy.title,
    body: html`
      <p class="lead">${copy.lead(html`<strong>${name}</strong>`)}</p>
      ${
        others.length === 0
          ? html`<p>${copy.nobody}</p>`
          : html`<form method="post" action="${path}">
              <input type="hidden" name="organization_id" value="${id}" />
              <div class="field">
                <label for="user_id">${copy.label}</label>
                <select id="user_id" name="user_id">
                  ${others.map(
                    ({ userId, email, name }) =>
                      html`<option value="${userId}">
                        ${name === null ? email : `${name} (${email})`}
                      </option>`,
                  )}
                </select>
              </div>
              <button class="button danger">${copy.submit}</button>
            </form>`
      }
      <p class="links">
        ${next !== null && html`<a href="${toNamedPath(path, id)}&after=${next}">${copy.more}</a>`}
        <a href="/organization">${copy.back}</a>
      </p>
    `,
  };
}

/**
 * For who has to sign in first; undefined for any other refusal.
 *
 * @param id of the organization that is not handed over
 */
export function signInToTransferPage(
  c: PageContext,
  { slug }: Refusal,
  id: string | undefined,
): Page | undefined {
  if (slug !== 'reauthentication-required') return undefined;
  const language = languageOf(c);
  const { title, signInReason } = organizationTransferPageCopy[language];
  return signInAgainPage(language, title, toNamedPath(path, id), signInReason);
}
