/** Accounts with a password, a session and an organization, as registering makes them, written straight into the database. */
import { createHash } from 'node:crypto';
import type postgres from 'postgres';
import { soundBodies } from '../../contract/samples.ts';
import type { Keyring } from '../../lib/core/keyring.ts';
import type { JwtKeys } from '../../lib/security/jwt.ts';
import { decryptEmail } from '../../lib/mail/encryption.ts';
import type { Role, VerificationPurpose } from '../../db/schema.ts';
import { createBinding, hashBinding } from '../../lib/accounts/binding.ts';
import { createVerification } from '../../lib/accounts/verification.ts';
import { createNonce, hashNonce, formatRefreshToken } from '../../lib/security/refresh-token.ts';
import { scrypt } from '../../lib/security/scrypt.ts';
import { createUuid } from '../../lib/core/uuid.ts';
import { createOrganization, insertOrganizations, type Organization } from './organizations.ts';

export interface Person {
  readonly email: string;
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Which they own, and their session works in. */
  readonly organization: Organization;
  readonly colleague: Colleague;
  /** The link's token and the code of the email they were mailed, and what their client was answered. */
  readonly verification: Mailed | undefined;
}

/** Somebody else in the organization, who has invited the person into one of their own. */
interface Colleague {
  readonly id: string;
  readonly email: string;
  readonly organization: Organization;
}

interface Mailed {
  readonly token: string;
  readonly code: string;
  readonly binding: string;
}

interface PeopleOptions {
  /** What they have in hand an email of. */
  readonly mailed?: VerificationPurpose | undefined;
  /** In the person's organization. */
  readonly colleagueRole?: Role | undefined;
}

interface PeopleParts {
  readonly keys: JwtKeys;
  readonly keyring: Keyring;
}

const password = 'correct horse battery staple';

export function createPeople(sql: postgres.Sql, { keys, keyring }: PeopleParts) {
  const hashed = scrypt.hash(password);
  let people = 0;

  async function createPerson(colleagueRole: Role) {
    const [id, colleagueId, sessionId, nonce] = [createUuid(), createUuid(), createUuid(), createNonce()];
    const nth = people++;
    const email = `person-${nth}@example.com`;
    const organization = createOrganization(`guest-${nth}@example.com`, [
      { userId: id, role: 'owner' },
      { userId: colleagueId, role: colleagueRole },
    ]);
    const colleague: Colleague = {
      id: colleagueId,
      email: `colleague-${nth}@example.com`,
      organization: createOrganization(email, [{ userId: colleagueId, role: 'owner' }]),
    };
    return {
      id,
      sessionId,
      nonce,
      email,
      organization,
      colleague,
      accessToken: await keys.sign({
        sub: id,
        sid: sessionId,
        org: organization.id,
        role: 'owner',
        auth_time: Math.floor(Date.now() / 1000),
        amr: ['pwd'],
        as_of: Date.now(),
      }),
      refreshToken: formatRefreshToken({ sessionId, counter: 0, nonce }, keyring),
    };
  }

  /** What each has asked for; of a code, as if they had confirmed it for the app of `contract/samples.ts`. */
  function ask(
    purpose: VerificationPurpose,
    { id, sessionId, email }: Awaited<ReturnType<typeof createPerson>>,
  ) {
    const asked = { purpose, binding: createBinding(), userAgent: undefined, acceptLanguage: undefined };
    const { code_verifier, redirect_uri } = soundBodies['tokens/issue'] ?? {};
    switch (purpose) {
      case 'email-change':
        return createVerification({ ...asked, email: `new-${email}`, userId: id, sessionId }, keyring);
      case 'authorization': {
        const codeChallenge = createHash('sha256').update(String(code_verifier)).digest();
        const app = { userId: id, redirectTo: String(redirect_uri), codeChallenge };
        return createVerification({ ...asked, ...app, email }, keyring);
      }
      default:
        return createVerification({ ...asked, email }, keyring);
    }
  }

  return {
    /** So many who were not there before. No email waits to be sent. */
    moveIn: async (
      count: number,
      { mailed, colleagueRole = 'member' }: PeopleOptions = {},
    ): Promise<readonly Person[]> => {
      const passwordHash = await hashed;
      const persons = await Promise.all(Array.from({ length: count }, () => createPerson(colleagueRole)));
      await sql`delete from outbox`;
      await sql`insert into users ${sql(
        persons.map(({ id, email }) => ({
          id,
          email,
          password_hash: passwordHash,
          email_verified_at: mailed === 'email-verification' ? null : new Date(),
        })),
      )}`;
      await sql`insert into users ${sql(
        persons.map(({ colleague: { id, email } }) => ({ id, email, email_verified_at: new Date() })),
      )}`;
      await insertOrganizations(
        sql,
        persons.flatMap(({ organization, colleague }) => [organization, colleague.organization]),
      );
      await sql`insert into refresh_tokens ${sql(
        persons.map(({ id, sessionId, nonce, organization }) => ({
          id: sessionId,
          user_id: id,
          organization_id: organization.id,
          nonce_hash: hashNonce(nonce),
          amr: ['pwd'],
          expires_at: new Date(Date.now() + 86_400_000),
        })),
      )}`;
      if (mailed === undefined) return persons.map((person) => ({ ...person, verification: undefined }));
      const verifications = persons.map((person) => ask(mailed, person));
      await sql`insert into magic_links ${sql(
        verifications.map(
          ({ id, purpose, email, userId, sessionId, tokenHash, codeHash, binding, ...app }) => ({
            id,
            purpose,
            email,
            user_id: userId ?? null,
            session_id: sessionId ?? null,
            token_hash: tokenHash,
            code_hash: codeHash,
            browser_nonce_hash: hashBinding(binding),
            redirect_to: app.redirectTo ?? null,
            code_challenge: app.codeChallenge ?? null,
            expires_at: new Date(Date.now() + 900_000),
          }),
        ),
      )}`;
      return persons.map((person, nth) => ({
        ...person,
        verification: readVerification(verifications[nth]),
      }));
    },
  };

  function readVerification(
    verification: ReturnType<typeof createVerification> | undefined,
  ): Person['verification'] {
    if (!verification) return undefined;
    const mailed = decryptEmail(verification.toEmail('sign-in'), keyring) as Omit<Mailed, 'binding'>;
    return { token: mailed.token, code: mailed.code, binding: verification.binding };
  }
}
