/** The fields of forms: a real label, what helps keyboards and password managers, and errors that are heard. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import {
  codeFieldCopy,
  emailFieldCopy,
  fieldCopy,
  nameFieldCopy,
  newPasswordFieldCopy,
  passwordFieldCopy,
  revealCopy,
  tokenFieldCopy,
} from './copy.ts';
import { toLocalPath } from '../http/local-path.ts';
import type { Html, PageContext } from './layout.ts';
import type { Refusal } from './refusal.ts';

interface Field {
  readonly name: string;
  readonly label: string;
  /** Says what may be typed, when something else was. */
  readonly takes: string;
  /** What the browser may fill in (HTML, section 4.10.18.7). */
  readonly autocomplete: string;
  readonly type?: 'text' | 'email' | 'password';
  readonly hint?: string;
  readonly isOptional?: boolean;
  readonly value?: string | undefined;
  /** The key that a phone shows for Enter. */
  readonly enterKeyHint?: 'next' | 'go' | 'done' | 'send';
  /** The keys that a phone shows. */
  readonly inputMode?: 'email' | 'numeric';
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Whether typing starts here. With a refusal it starts at the first field that is wrong. */
  readonly isFirst?: boolean;
}

/** One field, with its error if the refusal blames it, and filled with what was typed before. */
export function field(language: Language, options: Field, refusal?: Refusal): Html {
  const { name, label, takes, autocomplete, type = 'text', hint, isOptional, maxLength, minLength } = options;
  const error = toError(name, takes, refusal);
  const describedBy = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  const isFirst = refusal ? Object.keys(refusal.errors)[0] === name : options.isFirst;
  const value = type === 'password' ? undefined : (refusal?.values[name] ?? options.value);
  return html`
    <div class="field">
      <label for="${name}"
        >${label}${isOptional ? html` <span class="more">${fieldCopy[language].optional}</span>` : ''}</label
      >
      ${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
      ${error && html`<p class="error" id="${name}-error"><span>${error}</span></p>`}
      <input
        id="${name}"
        name="${name}"
        type="${type}"
        autocomplete="${autocomplete}"
        ${type === 'text' ? '' : html`autocapitalize="none" spellcheck="false"`}
        ${options.inputMode && html`inputmode="${options.inputMode}"`}
        ${options.enterKeyHint && html`enterkeyhint="${options.enterKeyHint}"`}
        ${isOptional ? '' : html`required`}
        ${minLength && html`minlength="${minLength}"`}
        ${maxLength && html`maxlength="${maxLength}"`}
        ${value === undefined ? '' : html`value="${value}"`}
        ${error && html`aria-invalid="true"`}
        ${describedBy && html`aria-describedby="${describedBy}"`}
        ${isFirst ? html`autofocus` : ''}
      />
      ${type === 'password' ? revealBox(language, name) : ''}
    </div>
  `;
}

/** Shown by the script of a page that has one (`reveal.ts`). Without a name it is not sent. */
function revealBox(language: Language, name: string): Html {
  return html`<label class="reveal" hidden>
    <input type="checkbox" aria-controls="${name}" autocomplete="off" />
    ${revealCopy[language].show}
  </label>`;
}

export function nameField(language: Language, options: Partial<Field>, refusal?: Refusal): Html {
  return field(
    language,
    {
      name: 'name',
      ...nameFieldCopy[language],
      autocomplete: 'name',
      isOptional: true,
      maxLength: 100,
      ...options,
    },
    refusal,
  );
}

export function emailField(language: Language, options: Partial<Field>, refusal?: Refusal): Html {
  return field(
    language,
    {
      name: 'email',
      ...emailFieldCopy[language],
      type: 'email',
      inputMode: 'email',
      autocomplete: 'username',
      maxLength: 254,
      ...options,
    },
    refusal,
  );
}

/** A whole link that holds a token, pasted where no script takes the token out of the address. */
export function tokenField(language: Language, options: Partial<Field>, refusal?: Refusal): Html {
  return field(
    language,
    { name: 'token', ...tokenFieldCopy[language], autocomplete: 'off', maxLength: 1024, ...options },
    refusal,
  );
}

/** The password of an account that is there; `newPasswordField` for one to set. */
export function passwordField(language: Language, options: Partial<Field>, refusal?: Refusal): Html {
  return field(
    language,
    {
      name: 'password',
      ...passwordFieldCopy[language],
      type: 'password',
      autocomplete: 'current-password',
      enterKeyHint: 'go',
      ...options,
    },
    refusal,
  );
}

export function newPasswordField(language: Language, options: Partial<Field>, refusal?: Refusal): Html {
  return passwordField(
    language,
    {
      ...newPasswordFieldCopy[language],
      autocomplete: 'new-password',
      minLength: 8,
      maxLength: 256,
      ...options,
    },
    refusal,
  );
}

/** The six digits of an email: one field, so that they can be pasted, and filled in by a phone. */
export function codeField(
  language: Language,
  refusal: Refusal | undefined,
  { isFirst }: { isFirst: boolean },
): Html {
  const copy = codeFieldCopy[language];
  const error = toError('code', copy.takes, refusal);
  return html`
    <div class="field">
      <label for="code">${copy.label}</label>
      <p class="hint" id="code-hint">${copy.hint}</p>
      ${error && html`<p class="error" id="code-error"><span>${error}</span></p>`}
      <input
        id="code"
        name="code"
        class="code"
        type="text"
        inputmode="numeric"
        autocomplete="one-time-code"
        enterkeyhint="go"
        pattern="\\s*[0-9]{3}[\\s\\-]?[0-9]{3}\\s*"
        title="${copy.title}"
        required
        aria-describedby="code-hint${error && ' code-error'}"
        ${error && html`aria-invalid="true"`}
        ${isFirst || error ? html`autofocus` : ''}
      />
    </div>
  `;
}

function toError(name: string, takes: string, refusal: Refusal | undefined): string | undefined {
  const error = refusal?.errors[name];
  return error === '' ? takes : error;
}

/** Says above a form why it was refused. It is read out when the page opens, and takes the focus if no field is blamed. */
export function refusalNotice(refusal: Refusal | undefined, next: Html | '' = ''): Html | '' {
  if (!refusal) return '';
  const isFocused = Object.keys(refusal.errors).length === 0;
  return html`<div class="notice bad" role="alert" tabindex="-1" ${isFocused ? html`autofocus` : ''}>
    <strong>${refusal.title}</strong>
    <p>${refusal.advice}</p>
    ${next}
  </div>`;
}

/** Where to go on to afterwards, carried from page to page. */
export function returnField(c: PageContext, refusal?: Refusal): Html | '' {
  const path = toLocalPath(refusal ? refusal.values['to'] : c.req.query('to'), '');
  return path && html`<input type="hidden" name="to" value="${path}" />`;
}
