/**
 * The floor of `bench:accounts`: what somebody writes who wants no more than this. It reads an account by an access token, and signs in by
 * a password, with the packages that we use too, and has no limits, no log, no headers, no session that can be ended.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { serve } from '@hono/node-server';
import { verify } from '@node-rs/argon2';
import { Hono } from 'hono';
import { createLocalJWKSet, importJWK, type JSONWebKeySet, type JWK, jwtVerify, SignJWT } from 'jose';
import postgres from 'postgres';

interface Account {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
}

interface Credentials {
  readonly id: string;
  readonly hash: string | null;
}

const sql = postgres(process.env['DATABASE_URL'] ?? '', { onnotice: () => undefined });
// A table of its own, which is none of ours: as text, so that it is not looked for among them.
await sql.unsafe(`create table if not exists floor_sessions (
  id uuid primary key, user_id uuid not null, token_hash bytea not null, created_at timestamptz not null default now()
)`);
const insertSession = 'insert into floor_sessions (id, user_id, token_hash) values ($1, $2, $3)';
const jwk = JSON.parse(process.env['JWT_PRIVATE_KEY'] ?? '{}') as JWK;
const privateKey = await importJWK(jwk, 'ES256');
const publicKeys = createLocalJWKSet(JSON.parse(process.env['JWT_PUBLIC_KEYS'] ?? '{}') as JSONWebKeySet);

const app = new Hono()
  .get('/v1/me', async (c) => {
    const token = c.req.header('authorization')?.slice('Bearer '.length) ?? '';
    const { payload } = await jwtVerify(token, publicKeys, { algorithms: ['ES256'] });
    const [account] = await sql<Account[]>`select id, email, name from users where id = ${payload.sub ?? ''}`;
    return c.json({ user: account });
  })
  .post('/v1/auth/login', async (c) => {
    const { email, password } = await c.req.json<{ email: string; password: string }>();
    const [account] = await sql<
      Credentials[]
    >`select id, password_hash as hash from users where email = ${email}`;
    if (!account?.hash || !(await verify(account.hash, password))) return c.json({}, 401);
    const refreshToken = randomBytes(32).toString('base64url');
    const session = [randomUUID(), account.id, createHash('sha256').update(refreshToken).digest()];
    await sql.unsafe(insertSession, session, { prepare: true });
    const accessToken = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256' })
      .setSubject(account.id)
      .setIssuedAt()
      .setExpirationTime('15m')
      .sign(privateKey);
    return c.json({ access_token: accessToken, refresh_token: refreshToken });
  });
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => process.send?.({ port }));
