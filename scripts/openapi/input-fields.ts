/**
 * What the fields of bodies are called for, and what zod's checks hold them to that JSON Schema can't be told by zod: its
 * refinements as patterns, written with ranges because not every validator knows `\p{...}`.
 */
import * as z from 'zod/mini';
import { verificationFields } from '../../lib/http/presented-verification.ts';
import { deviceToken } from '../../lib/http/device-token-field.ts';
import { email } from '../../lib/http/email-field.ts';
import { bindingField, linkToken } from '../../lib/http/mailed-fields.ts';
import { displayName } from '../../lib/http/name-fields.ts';
import { newPassword, password } from '../../lib/http/password-fields.ts';
import { appRedirect, codeChallenge, state } from '../../lib/http/authorization-request.ts';
import { redirectTo } from '../../lib/http/redirect.ts';

interface FieldNotes {
  /** Its name among the components. */
  readonly id: string;
  readonly description: string;
  readonly format?: string;
  readonly pattern?: string;
}

// No control and no bidi control.
const plain = String.raw`[^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]`;
// None of these, no white space, and nothing that is ignored in display.
const seen = String.raw`[^\u0000-\u0020\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8]`;
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';

const counted = 'Length is counted in UTF-16 code units: most emoji are two.';

export const inputFields = z.registry<FieldNotes>();

// Without `format: email`: validators disagree on what that is, and none of them means what HTML does.
inputFields.add(email, {
  id: 'Email',
  description:
    'As `<input type="email">` takes it, and the host has a dot. White space around it is cut, its host made ASCII, and all of it lower case.',
  pattern: String.raw`^[A-Za-z0-9_.!#$%&'*+\/=?^\x60{|}~-]+@(?:${label}\.)+(?![0-9]+$)${label}$`,
});
inputFields.add(newPassword, {
  id: 'NewPassword',
  description: `Any characters. What others would try first, or what is known from a data breach, is refused. ${counted}`,
  pattern: String.raw`^[^\u0000]*$`,
});
inputFields.add(password, {
  id: 'Password',
  description: `The password of the account. ${counted}`,
  pattern: String.raw`^[^\u0000]*$`,
});
inputFields.add(displayName, {
  id: 'DisplayName',
  description: `No control characters, and one that can be seen. White space around it is cut. ${counted}`,
  pattern: `^${plain}*${seen}${plain}*$`,
});
inputFields.add(linkToken, {
  id: 'LinkToken',
  description: 'Of the mailed link: what stands behind its `#`.',
  pattern: '^[A-Za-z0-9_-]{43}$',
});
inputFields.add(verificationFields.code, {
  id: 'Code',
  description: 'Of the email: six digits.',
  pattern: '^[0-9]{6}$',
});
inputFields.add(bindingField, {
  id: 'Binding',
  description: 'What the answer to the request for the email gave.',
  pattern: '^[A-Za-z0-9_-]{43}$',
});
inputFields.add(deviceToken, {
  id: 'DeviceToken',
  description:
    'Of an earlier sign-in with this address. It opens nothing: its holder is counted apart from strangers.',
});
inputFields.add(redirectTo, {
  id: 'RedirectTo',
  description:
    'Where the link leads on: of the origin of `PUBLIC_URL`, or of one in `REDIRECT_ALLOWLIST`. Any other is refused.',
  format: 'uri',
});
inputFields.add(appRedirect, {
  id: 'AppRedirect',
  description:
    'Where the link leads on with a code for the app that asks: as `RedirectTo`, without a fragment and without `code`, `state`, `iss` or `error` in its query. Also `http://127.0.0.1` with any port, and schemes, where `REDIRECT_ALLOWLIST` has them.',
  format: 'uri',
});
inputFields.add(codeChallenge, {
  id: 'CodeChallenge',
  description: 'The SHA-256 of a verifier that only the app has, in base64url (RFC 7636, S256).',
  pattern: '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$',
});
inputFields.add(state, {
  id: 'State',
  description: 'Comes back to the app as it is, beside its code.',
});
