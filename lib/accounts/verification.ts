/**
 * Mailed verifications: an email carries a link with 32 random bytes, and a code of six digits. Either proves, once, that
 * its bearer reads the mailbox: the link within 15 minutes, the code within 10 and only to the client that asked. Of the
 * token only the SHA-256 is at rest, of the code a keyed hash. `consumed-verification.ts` uses them up.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { VerificationPurpose } from '../../db/schema.ts';
import { fragment, type Sql } from '../../db/sql.ts';
import type { Keyring } from '../core/keyring.ts';
import { Problem } from '../core/problem.ts';
import { createUuid } from '../core/uuid.ts';
import { type EncryptedEmail, encryptEmail } from '../mail/encryption.ts';
import type { EmailTemplate, EmailParameters } from '../mail/parameters.ts';
import { hashBinding } from './binding.ts';
import type { AuthorizationRequest } from '../http/authorization-request.ts';
import type { PresentedVerification } from '../http/presented-verification.ts';

export interface VerificationRequest extends AuthorizationRequest {
  readonly purpose: VerificationPurpose;
  /** Whose mailbox is to be proven. */
  readonly email: string;
  /** The account that wants the address, where it is not the address that finds the account. */
  readonly userId?: string;
  /** The session that asked, and with which the verification ends, where it is one of an account that is signed in. */
  readonly sessionId?: string;
  readonly binding: string;
  readonly userAgent: string | undefined;
  readonly acceptLanguage: string | undefined;
}

/** A verification to write down, and the secrets that only its email knows. */
export interface NewVerification extends VerificationRequest {
  readonly id: string;
  readonly tokenHash: Uint8Array;
  readonly codeHash: Uint8Array;
  /** An email that carries the secrets. */
  readonly toEmail: (template: VerificationTemplate) => EncryptedEmail;
}

type VerificationTemplate = {
  [Name in EmailTemplate]: EmailParameters[Name] extends { code: string } ? Name : never;
}[EmailTemplate];

export function createVerification(request: VerificationRequest, keyring: Keyring): NewVerification {
  const token = randomBytes(32).toString('base64url');
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const acceptLanguage = request.acceptLanguage?.slice(0, 256);
  return {
    ...request,
    id: createUuid(),
    tokenHash: hashToken(token),
    codeHash: keyring.newest.mac(toCodeText(request.purpose, request.email, code)),
    toEmail: (template) => encryptEmail(template, { token, code, acceptLanguage }, keyring),
  };
}

/** What an owner of an account is mailed, and what anybody else is, if it differs. */
export interface VerificationTemplates {
  readonly known: VerificationTemplate;
  readonly unknown?: VerificationTemplate;
}

/**
 * Whose mailbox a verification is mailed to, unless its account is disabled: any one, those of accounts, of accounts that are unverified, of no account yet, or
 * nobody's, where a mailbox is due no more emails: the work is the same, and what was mailed before stays good.
 */
export type Audience = 'anyone' | 'accounts' | 'unverified accounts' | 'newcomers' | 'nobody';

/**
 * Writes the verification down, ends the asking client's older ones of its kind, and puts its email into the outbox, in one
 * statement: of an account that is signed in all, of anybody else those that are older than a minute, whose email is not
 * being read just now. It is written whoever the address belongs to, and lives only if it is mailed, so that the work
 * tells nothing and nobody can use what nobody was mailed. It writes into the outbox itself, and not by `enqueueEmail`,
 * because which of two emails it is shows in the statement only.
 *
 * @returns whether an email was written
 */
export async function enqueueVerification(
  sql: Sql,
  verification: NewVerification,
  audience: Audience,
  templates: VerificationTemplates,
): Promise<boolean> {
  const toOwner = verification.toEmail(templates.known);
  const userId = verification.userId ?? null;
  const toNewcomer = templates.unknown ? verification.toEmail(templates.unknown) : toOwner;
  const bindingHash = hashBinding(verification.binding);
  // For nobody an age that none has, and not a condition of its own: Postgres would not even look for them. Of an account also
  // what was asked for in the same moment.
  const endedFrom = audience === 'nobody' ? '1000 years' : userId === null ? '1 minute' : '-1 minute';
  const mailed = await sql<{ id: string }>`
    with owner as (
      select id, email_verified_at, disabled_at from users where email = ${verification.email}
    ), addressee as (
      select owner.id from (select) as one left join owner on true
      where owner.disabled_at is null and case ${audience}::text
        when 'anyone' then true
        when 'accounts' then owner.id is not null
        when 'unverified accounts' then owner.id is not null and owner.email_verified_at is null
        when 'newcomers' then owner.id is null
        when 'nobody' then false
      end
    ), ended as (
      update magic_links set expires_at = now()
      where purpose = ${verification.purpose} and used_at is null and expires_at > now()
        and created_at <= now() - ${endedFrom}::text::interval
        and case when ${userId}::uuid is null
          then email = ${verification.email} and browser_nonce_hash = ${bindingHash}
          else user_id = ${userId}::uuid
        end
    ), written as (
      insert into magic_links
        (id, purpose, email, user_id, session_id, token_hash, code_hash, browser_nonce_hash, user_agent, redirect_to,
        code_challenge, state, expires_at)
      values (${verification.id}, ${verification.purpose}, ${verification.email}, ${userId},
        ${verification.sessionId ?? null}, ${verification.tokenHash}, ${verification.codeHash}, ${bindingHash},
        ${verification.userAgent?.slice(0, 256).toWellFormed() ?? null}, ${verification.redirectTo ?? null},
        ${verification.codeChallenge ?? null}, ${verification.state ?? null},
        now() + case when exists (select from addressee) then interval '15 minutes' else interval '0' end)
    )
    insert into outbox (id, user_id, recipient, letter, sealed, useful_until)
    select case when id is null then ${toNewcomer.id}::uuid else ${toOwner.id}::uuid end, id, ${verification.email}::text,
      case when id is null then ${toNewcomer.template}::text else ${toOwner.template}::text end,
      case when id is null then ${toNewcomer.payload}::bytea else ${toOwner.payload}::bytea end,
      now() + interval '15 minutes'
    from addressee
    returning id`;
  return mailed.length > 0;
}

/** One that is there to be used up. */
export interface FoundVerification {
  readonly id: string;
  readonly email: string;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly redirectTo: string | null;
  /** Null where no app asked for a code. */
  readonly codeChallenge: Uint8Array | null;
  readonly state: string | null;
}

/** By the clock and not by the transaction's start: whoever had to wait does not use what was ended meanwhile. */
export const isPending = fragment`used_at is null and expires_at > clock_timestamp()`;

/** What a page may tell of a link before it is used: only who holds the token gets to know. */
export interface PendingVerification {
  readonly email: string;
  /** Of the browser that asked for the email. */
  readonly userAgent: string | null;
  readonly browserNonceHash: Uint8Array | null;
  /** Of the app that is to get a code, if one asked. */
  readonly appRedirect: string | null;
  readonly createdAt: Date;
}

/** @throws {Problem} `verification-invalid`, `verification-used` or `verification-expired` */
export async function peekVerification(
  sql: Sql,
  purpose: VerificationPurpose,
  token: string,
): Promise<PendingVerification> {
  const [found] = await sql<PendingVerification & { used: boolean; expired: boolean }>`
    select email, user_agent, browser_nonce_hash, case when code_challenge is not null then redirect_to end as app_redirect,
      created_at, used_at is not null as used,
      expires_at <= now() as expired
    from magic_links
    where token_hash = ${hashToken(token)} and purpose = ${purpose}`;
  if (!found) throw new Problem('verification-invalid');
  if (found.used) throw new Problem('verification-used');
  if (found.expired) throw new Problem('verification-expired');
  return found;
}

/**
 * Whose mailbox it is said to prove. A dead link is refused at once, so that it costs nobody the work of a hash.
 *
 * @throws {Problem} as `peekVerification` does
 */
export async function readMailbox(
  sql: Sql,
  purpose: VerificationPurpose,
  presented: PresentedVerification,
): Promise<string> {
  if ('email' in presented) return presented.email;
  return (await peekVerification(sql, purpose, presented.token)).email;
}

export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}

/** Of a code as it was kept, under whichever secret: in hexadecimal, newest first. */
export function toCodeHashes(
  purpose: VerificationPurpose,
  email: string,
  code: string,
  keyring: Keyring,
): readonly string[] {
  return keyring.macs(toCodeText(purpose, email, code)).map((hash) => hash.toString('hex'));
}

const toCodeText = (purpose: VerificationPurpose, email: string, code: string) =>
  `mailed-code\0${purpose}\0${email}\0${code}`;
