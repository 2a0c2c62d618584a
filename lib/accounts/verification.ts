/**
 * Mailed verifications: an email carries a link with 32 random bytes, and a code of six digits for another device. Either
 * proves, once and within 15 minutes, that its bearer reads the mailbox. Of the token only the SHA-256 is at rest, of
 * the code a keyed hash.
 */
import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto';
import * as z from 'zod/mini';
import type { VerificationPurpose } from '../../db/schema.ts';
import type { Database, Sql } from '../../db/sql.ts';
import { email, linkToken } from '../http/fields.ts';
import type { EmailTemplate, EmailParameters } from '../mail/parameters.ts';
import { type EncryptedEmail, encryptEmail } from '../mail/encryption.ts';
import { Problem, type ProblemSlug } from '../core/problem.ts';
import { createUuid } from '../core/uuid.ts';

/** What a mailed email's reader presents: its link's token, or its code together with the address. */
export type PresentedVerification =
  { readonly token: string } | { readonly email: string; readonly code: string };

/** The fields of a body with a presented verification. */
export const verificationFields = {
  token: z.optional(linkToken),
  email: z.optional(email),
  code: z.optional(z.string().check(z.regex(/^\d{6}$/, 'Must be six digits'))),
};

type VerificationFields = { [Name in keyof typeof verificationFields]?: string | undefined };

/**
 * Makes sure that a body has one verification, and answers it as `verification` beside the body's own fields. One object and no
 * union, so that each field can be blamed.
 *
 * @example json(presented(z.strictObject({ ...verificationFields, new_password: newPassword })))
 */
export function presented<Fields extends VerificationFields>(schema: z.ZodMiniType<Fields>) {
  return z.pipe(
    schema,
    z.transform((body: Fields, context): Fields & { readonly verification: PresentedVerification } => {
      const { token, email, code } = body;
      if (token !== undefined && email === undefined && code === undefined) {
        return { ...body, verification: { token } };
      }
      if (token === undefined && email !== undefined && code !== undefined) {
        return { ...body, verification: { email, code } };
      }
      const path = [token === undefined && email !== undefined ? 'code' : 'token'];
      const message = 'Give the token, or the email with the code';
      context.issues.push({ code: 'custom', message, path, input: undefined });
      return z.NEVER;
    }),
  );
}

export interface VerificationRequest {
  readonly purpose: VerificationPurpose;
  /** Whose mailbox is to be proven. */
  readonly email: string;
  /** Where the link leads on, once it has been used. */
  readonly redirectTo?: string | undefined;
  /** The account that wants the address, where it is not the address that finds the account. */
  readonly userId?: string;
  /** SHA-256 of what the browser that asks keeps in a cookie. */
  readonly browserNonceHash?: Uint8Array | undefined;
  readonly userAgent?: string | undefined;
}

/** A verification to write down, and the secrets that only its email knows. */
export interface NewVerification extends VerificationRequest {
  readonly id: string;
  readonly tokenHash: Uint8Array;
  readonly codeHash: Uint8Array;
  /** Seals an email that carries the secrets. */
  readonly toEmail: (template: VerificationTemplate) => EncryptedEmail;
}

type VerificationTemplate = {
  [Name in EmailTemplate]: EmailParameters[Name] extends { token: string } ? Name : never;
}[EmailTemplate];

const maximumTries = 5;

export function createVerification(request: VerificationRequest, secret: string): NewVerification {
  const token = randomBytes(32).toString('base64url');
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  return {
    ...request,
    id: createUuid(),
    tokenHash: hashToken(token),
    codeHash: hashCode(request.purpose, request.email, code, secret),
    toEmail: (template) => encryptEmail(template, { token, code }, secret),
  };
}

/** Whose mailbox a verification is mailed to: any, those of accounts, of accounts that are unverified, or of no account yet. */
export type Audience = 'anyone' | 'accounts' | 'unverified accounts' | 'newcomers';

/**
 * Writes the verification down, ends the older ones of its kind, and puts its email into the outbox, in one statement. The
 * verification is written whoever the address belongs to; only the email depends on it, so that the work tells nothing.
 */
export async function enqueueVerification(
  sql: Sql,
  verification: NewVerification,
  audience: Audience,
  templates: { readonly known: VerificationTemplate; readonly unknown?: VerificationTemplate },
): Promise<void> {
  const toOwner = verification.toEmail(templates.known);
  const userId = verification.userId ?? null;
  const toNewcomer = verification.toEmail(templates.unknown ?? templates.known);
  await sql`
    with owner as (
      select id, email_verified_at from users where email = ${verification.email}
    ), ended as (
      update magic_links set expires_at = now()
      where purpose = ${verification.purpose} and used_at is null and expires_at > now()
        and case when ${userId}::uuid is null then email = ${verification.email} else user_id = ${userId}::uuid end
    ), written as (
      insert into magic_links
        (id, purpose, email, user_id, token_hash, code_hash, browser_nonce_hash, user_agent, redirect_to, expires_at)
      values (${verification.id}, ${verification.purpose}, ${verification.email}, ${userId}, ${verification.tokenHash},
        ${verification.codeHash}, ${verification.browserNonceHash ?? null}, ${verification.userAgent?.slice(0, 256).toWellFormed() ?? null},
        ${verification.redirectTo ?? null}, now() + interval '15 minutes')
    )
    insert into outbox (id, user_id, recipient, letter, sealed, useful_until)
    select case when owner.id is null then ${toNewcomer.id}::uuid else ${toOwner.id}::uuid end, owner.id, ${verification.email}::text,
      case when owner.id is null then ${toNewcomer.template}::text else ${toOwner.template}::text end,
      case when owner.id is null then ${toNewcomer.payload}::bytea else ${toOwner.payload}::bytea end,
      now() + interval '15 minutes'
    from (select) as one left join owner on true
    where case ${audience}::text
      when 'anyone' then true
      when 'accounts' then owner.id is not null
      when 'unverified accounts' then owner.id is not null and owner.email_verified_at is null
      when 'newcomers' then owner.id is null
    end`;
}

/** A verification that has just been used up. */
export interface ConsumedVerification {
  readonly email: string;
  readonly userId: string | null;
  readonly redirectTo: string | null;
}

/**
 * Uses the verification up and does the work that it allows, in one transaction: of many at once one gets through, and if
 * the work fails the verification is as good as before. A wrong code is counted whatever becomes of the request.
 *
 * @throws {Problem} `verification-invalid`, `verification-used` or `verification-expired`
 */
export async function consumeVerification<Result>(
  { database, tokenSecret }: { readonly database: Database; readonly tokenSecret: string },
  purpose: VerificationPurpose,
  shown: PresentedVerification,
  work: (sql: Sql, verification: ConsumedVerification) => Promise<Result>,
): Promise<Result> {
  const outcome = await database.transaction(async (sql) => {
    const used =
      'token' in shown
        ? await useToken(sql, purpose, shown.token)
        : await useCode(sql, purpose, shown, tokenSecret);
    return 'refusal' in used ? used : { result: await work(sql, used) };
  });
  // Thrown only now: inside, it would take the counted try back.
  if ('refusal' in outcome) throw new Problem(outcome.refusal);
  return outcome.result;
}

type Use = ConsumedVerification | { readonly refusal: ProblemSlug };

async function useToken(sql: Sql, purpose: VerificationPurpose, token: string): Promise<Use> {
  const [found] = await sql<ConsumedVerification & { accepted: boolean; expired: boolean }>`
    with used as (
      update magic_links set used_at = now()
      where token_hash = ${hashToken(token)} and purpose = ${purpose} and used_at is null and expires_at > now()
      returning id
    )
    select email, user_id, redirect_to, exists (select from used) as accepted,
      used_at is null and expires_at <= now() as expired
    from magic_links
    where token_hash = ${hashToken(token)} and purpose = ${purpose}`;
  if (!found) return { refusal: 'verification-invalid' };
  if (found.accepted) return found;
  return { refusal: found.expired ? 'verification-expired' : 'verification-used' };
}

/** Whatever the code, an unused verification is looked at five times and no more; the row's lock keeps count of many at once. */
async function useCode(
  sql: Sql,
  purpose: VerificationPurpose,
  { email, code }: { email: string; code: string },
  secret: string,
): Promise<Use> {
  const [tried] = await sql<ConsumedVerification & { accepted: boolean }>`
    update magic_links
    set code_tries = code_tries + 1,
      used_at = case when code_hash = ${hashCode(purpose, email, code, secret)} then now() end
    where id = (
        select id from magic_links
        where email = ${email} and purpose = ${purpose} and used_at is null and expires_at > now()
        order by created_at desc, id desc
        limit 1
      )
      and used_at is null and expires_at > now() and code_tries < ${maximumTries}::int
    returning email, user_id, redirect_to, used_at is not null as accepted`;
  return tried?.accepted ? tried : { refusal: 'verification-invalid' };
}

/** What a page may tell of a link before it is used: only who holds the token gets to know. */
export interface PendingVerification {
  readonly email: string;
  /** Of the browser that asked for the email. */
  readonly userAgent: string | null;
  readonly browserNonceHash: Uint8Array | null;
  readonly createdAt: Date;
}

/** @throws {Problem} `verification-invalid`, `verification-used` or `verification-expired` */
export async function peekVerification(
  sql: Sql,
  purpose: VerificationPurpose,
  token: string,
): Promise<PendingVerification> {
  const [found] = await sql<PendingVerification & { used: boolean; expired: boolean }>`
    select email, user_agent, browser_nonce_hash, created_at, used_at is not null as used,
      expires_at <= now() as expired
    from magic_links
    where token_hash = ${hashToken(token)} and purpose = ${purpose}`;
  if (!found) throw new Problem('verification-invalid');
  if (found.used) throw new Problem('verification-used');
  if (found.expired) throw new Problem('verification-expired');
  return found;
}

function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}

function hashCode(purpose: VerificationPurpose, email: string, code: string, secret: string): Uint8Array {
  return createHmac('sha256', secret).update(`mailed-code\0${purpose}\0${email}\0${code}`).digest();
}
