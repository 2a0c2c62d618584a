/** The form for another API key, with no more in it than whoever looks may give. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import { roles } from '../../db/roles.ts';
import type { Role } from '../../db/schema.ts';
import { hasPermission, permissionsOf } from '../core/permissions.ts';
import { createUuid } from '../core/uuid.ts';
import { signInToKeysPage } from './api-key-refusal.ts';
import { apiKeyFormCopy } from './copy.ts';
import { field } from './fields.ts';
import { keysPath } from './keys-path.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { toOrganizationRefusal } from './organization-refusal.ts';
import { organizationKeysStyle } from './organization-keys-style.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';
import { refusedFormPage } from './refused-form-page.ts';
import { selectField } from './select-field.ts';

/** Whose role it was shown to stands in it, so that to refuse takes no statement. */
export function refusedKeyPage(c: PageContext, refused: Refusal): Page {
  const language = languageOf(c);
  const copy = apiKeyFormCopy[language];
  const refusal = toOrganizationRefusal(language, refused);
  const { organization_id: id = '', own_role } = refusal.values;
  const role = roles.find((known) => known === own_role) ?? 'member';
  const signInPage = signInToKeysPage(c, refusal);
  if (signInPage) return signInPage;
  const form = apiKeyForm(language, { id, role }, refusal);
  const back = { href: keysPath(id), label: copy.back };
  return { ...refusedFormPage({ title: copy.title, refusal, form, back }), ownStyle: organizationKeysStyle };
}

export function apiKeyForm(
  language: Language,
  { id, role }: { readonly id: string; readonly role: Role },
  refusal?: Refusal,
): Html {
  const copy = apiKeyFormCopy[language];
  const managesAll = hasPermission(role, 'keys:write');
  return html`<form method="post" action="/organization/keys">
    <input type="hidden" name="organization_id" value="${id}" />
    <input type="hidden" name="own_role" value="${role}" />
    <input type="hidden" name="form_id" value="${refusal?.values['form_id'] ?? createUuid()}" />
    <p class="fine">${copy.hint}</p>
    ${field(language, { ...copy.name, name: 'name', autocomplete: 'off', maxLength: 100 }, refusal)}
    ${
      managesAll
        ? selectField({
            name: 'belongs_to',
            label: copy.belongsTo,
            choices: copy.owners,
            chosen: refusal?.values['belongs_to'],
          })
        : html`<input type="hidden" name="belongs_to" value="person" />`
    }
    ${scopesField(language, role, refusal)}
    ${selectField({
      name: 'expires_in_days',
      label: copy.expiry,
      choices: role === 'owner' ? [...copy.expiries, ['never', copy.never]] : copy.expiries,
      chosen: refusal?.values['expires_in_days'] ?? '90',
    })}
    ${limitFields(language, managesAll, refusal)}
    <button class="button">${copy.submit}</button>
  </form>`;
}

/** A box for each, because a form takes one value of a name. */
function scopesField(language: Language, role: Role, refusal: Refusal | undefined): Html {
  const copy = apiKeyFormCopy[language];
  const isWrong = refusal?.errors['scopes'] !== undefined;
  return html`<fieldset ${isWrong ? html`aria-describedby="scopes-error"` : ''}>
    <legend>${copy.scopes}</legend>
    ${isWrong ? html`<p class="error" id="scopes-error"><span>${copy.scopesTakes}</span></p>` : ''}
    ${permissionsOf(role).map(
      (scope, nth) =>
        html`<label class="box">
          <input
            type="checkbox"
            name="${scope}"
            ${refusal?.values[scope] === 'on' ? html`checked` : ''}
            ${isWrong && nth === 0 ? html`autofocus` : ''}
          />
          <code>${scope}</code>
        </label>`,
    )}
  </fieldset>`;
}

function limitFields(language: Language, isOffered: boolean, refusal: Refusal | undefined): Html {
  const copy = apiKeyFormCopy[language];
  if (!isOffered) return html`<input type="hidden" name="limit_seconds" value="60" />`;
  const { windows, window, limit } = copy;
  const name = 'limit_requests';
  return html`
    ${field(
      language,
      { ...limit, name, isOptional: true, autocomplete: 'off', inputMode: 'numeric', maxLength: 6 },
      refusal,
    )}
    ${selectField({
      name: 'limit_seconds',
      label: window,
      choices: windows,
      chosen: refusal?.values['limit_seconds'] ?? '60',
    })}
  `;
}
