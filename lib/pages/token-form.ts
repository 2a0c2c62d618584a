/**
 * A form that posts the token of a link. The token stands in the fragment, which browsers send to no server: a script hands it to
 * the form, and without scripts the whole link is pasted. The page is inert, it reveals nothing and changes nothing until then.
 */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import { tokenField } from './fields.ts';
import type { Html } from './layout.ts';
import type { Refusal } from './refusal.ts';

/** Takes the token out of the address bar and the history too. A second link opened in the same tab changes the fragment only. */
export const tokenScript = `
const take = () => {
  const token = location.hash.slice(1);
  if (!/^[\\w-]{43}$/.test(token)) return;
  history.replaceState(null, '', location.pathname);
  const form = document.getElementById('by-token');
  form.elements.token.value = token;
  form.querySelector('.field').hidden = true;
  form.querySelector('button').focus();
};
addEventListener('hashchange', take);
take();
`;

interface TokenForm {
  readonly action: string;
  readonly label?: string;
  readonly buttons: Html;
}

export function tokenForm(
  language: Language,
  { action, label, buttons }: TokenForm,
  refusal: Refusal | undefined,
): Html {
  const isBlamed = refusal !== undefined && 'token' in refusal.errors;
  return html`<form id="by-token" method="post" action="${action}">
    ${tokenField(language, label === undefined ? {} : { label }, isBlamed ? refusal : undefined)} ${buttons}
  </form>`;
}
