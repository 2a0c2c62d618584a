/**
 * Passwords to set, from the API and the pages alike: what somebody else would try first is refused (NIST SP 800-63B, section
 * 3.1.1.2; OWASP ASVS 5.0, 6.2.4 and 6.2.11). Signing in takes whatever was once set.
 */
import { productName } from '../core/brand.ts';
import { Problem } from '../core/problem.ts';
import type { Services } from '../http/services.ts';

/** Whose password it is to be, as far as it is known. */
export interface PasswordOwner {
  readonly email?: string;
  readonly name?: string | null | undefined;
}

export interface NewPassword {
  readonly password: string;
  /** The field that it came in, to be blamed. */
  readonly field: 'password' | 'new_password';
  readonly owner: PasswordOwner;
}

/**
 * The hash to store.
 *
 * @throws {Problem} `invalid-input` with the code `too-common` or `breached`, and `overloaded`
 */
export async function hashNewPassword(
  services: Pick<Services, 'passwords' | 'settings'>,
  wanted: NewPassword,
): Promise<string> {
  const { passwords } = services;
  const { password, field } = wanted;
  if (await passwords.isCommon(password)) throw refuse(field, 'too-common');
  await assertUnrelated(services, wanted);
  // Beside the hash, which takes about as long as an answer does.
  const [hash, isBreached] = await Promise.all([passwords.hash(password), passwords.isBreached(password)]);
  if (isBreached) throw refuse(field, 'breached');
  return hash;
}

/**
 * Refuses what is no more than a word of the product, of its address or of the owner, with or without digits such as `123`.
 *
 * @throws {Problem} `invalid-input` with the code `too-common`
 */
export async function assertUnrelated(
  { passwords, settings }: Pick<Services, 'passwords' | 'settings'>,
  { password, field, owner }: NewPassword,
): Promise<void> {
  const typed = squeeze(password);
  const isTrivial = async (digits: string) =>
    /^\d{0,4}$/.test(digits) || (/^\d+$/.test(digits) && (await passwords.isCommon(digits)));
  const words = [
    productName,
    ...hostWords(new URL(settings.publicUrl).hostname),
    ...mailWords(owner.email ?? ''),
    ...nameWords(owner.name ?? ''),
  ].map(squeeze);
  for (const word of words) {
    if (word === '' || !typed.startsWith(word)) continue;
    if (await isTrivial(typed.slice(word.length))) throw refuse(field, 'too-common');
  }
}

const details = {
  'too-common': 'Must not be what others would try first',
  breached: 'Must not be known from a data breach',
};

function refuse(field: NewPassword['field'], code: keyof typeof details): Problem {
  return new Problem('invalid-input', { errors: [{ pointer: `#/${field}`, code, detail: details[code] }] });
}

/** Letters and digits alone: `Ada.Lovelace!` is `adalovelace`. */
const squeeze = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** `api.example.com`, `example.com` and each of its labels. */
function hostWords(host: string): readonly string[] {
  const labels = host.split('.');
  return labels.flatMap((label, nth) => [label, labels.slice(nth).join('')]);
}

/** The address, its mailbox with and without a tag, and each part of it. */
function mailWords(email: string): readonly string[] {
  const [mailbox = ''] = email.split('@');
  const [untagged = ''] = mailbox.split('+');
  return [email, mailbox, untagged, ...mailbox.split(/[^\p{L}\p{N}]+/u)];
}

const nameWords = (name: string) => [name, ...name.split(/\s+/)];
