/** People and programs of a site, who have signed in before and are known on their device. */
import { createDatabaseClient } from '../../db/client.ts';
import { argon2id } from '../../hosts/node/argon2.ts';
import { createKeyring } from '../../lib/core/keyring.ts';
import { createUuid } from '../../lib/core/uuid.ts';
import { createApiKey } from '../../lib/security/api-key.ts';
import { createJwtKeys } from '../../lib/security/jwt.ts';
import { createTokenPair, startSession } from '../../lib/sessions/session.ts';
import { browserName, toAddress } from '../asker.ts';
import { publicUrl, type Site, tokenSecret } from './site.ts';

export interface Member {
  readonly address: string;
  readonly email: string;
  readonly organizationId: string;
  /** Of the organization's own program. */
  readonly apiKey: string;
  accessToken: string;
  refreshToken: string;
  /** The refresh that is under way: a client sends the newest token once. */
  refreshing: Promise<number> | undefined;
}

export const password = 'a password of nobody else';

/** Not by requests: a thousand hashes would take half a minute of a core. */
export async function fillCrowd(
  { databaseUrl, privateKey }: Pick<Site, 'databaseUrl' | 'privateKey'>,
  count: number,
): Promise<readonly Member[]> {
  const database = createDatabaseClient({ url: databaseUrl, deadlineMs: 10_000 });
  const keyring = createKeyring([tokenSecret]);
  const keys = await createJwtKeys([privateKey], { issuer: publicUrl });
  const passwordHash = await argon2id.hash(password);
  const join = async (nth: number): Promise<Member> => {
    const [userId, organizationId] = [createUuid(), createUuid()];
    const email = `person-${nth}@example.com`;
    const address = toAddress(nth + 1);
    const key = createApiKey(createUuid());
    await database.sql`
      with person as (
        insert into users (id, email, name, password_hash, email_verified_at)
        values (${userId}, ${email}, 'Ada Lovelace', ${passwordHash}, now())
      ), organization as (
        insert into organizations (id, name, slug) values (${organizationId}, 'Personal', ${`organization-${nth}`})
      ), membership as (
        insert into memberships (organization_id, user_id, role) values (${organizationId}, ${userId}, 'owner')
      )
      insert into api_keys (id, organization_id, name, secret_hash, scopes)
      values (${key.keyId}, ${organizationId}, 'A program', ${key.hash}, ${['members:read']})`;
    const request = {
      requestId: createUuid(),
      userAgent: browserName,
      acceptLanguage: undefined,
      address,
      caller: undefined,
      limits: {},
    };
    const start = {
      userId,
      organizationId,
      role: 'owner',
      asOf: new Date(),
      amr: ['pwd'],
      passwordHash,
    } as const;
    const session = await startSession(database.sql, { keyring }, request, start);
    if (!session) throw new Error(`${email} could not sign in`);
    const tokens = await createTokenPair({ keys, keyring }, session);
    return {
      address,
      email,
      organizationId,
      apiKey: key.text,
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token,
      refreshing: undefined,
    };
  };
  try {
    const crowd: Member[] = [];
    for (let nth = 0; nth < count; nth += 10)
      crowd.push(
        ...(await Promise.all(Array.from({ length: Math.min(10, count - nth) }, (_, n) => join(nth + n)))),
      );
    // What a table that is a day old has been through.
    await database.sql`analyze`;
    return crowd;
  } finally {
    await database.close();
  }
}
