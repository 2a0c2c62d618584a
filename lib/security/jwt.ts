/**
 * Access tokens: JWT (RFC 7519) of the profile `at+jwt` (RFC 9068). Algorithm, issuer, audience and type are
 * pinned on every verification (RFC 8725), the algorithm by the key and never by the token.
 */
import { exportJWK, type JWK, type JWTPayload, jwtVerify } from 'jose';
import type { Role } from '../../db/schema.ts';
import { BoundedMap } from '../core/bounded-map.ts';
import { Problem } from '../core/problem.ts';
import { isUuid } from '../core/uuid.ts';

/** Seconds that an access token lives. */
export const accessTokenLifetime = 900;

export interface AccessTokenClaims {
  /** User id. */
  readonly sub: string;
  /** Session id. */
  readonly sid: string;
  /** Organization that the session works in, and the role there; absent without one. */
  readonly org?: string;
  readonly role?: Role;
  /** Unix seconds of the sign-in. */
  readonly auth_time: number;
  /** How the person signed in (RFC 8176). */
  readonly amr: readonly string[];
  /**
   * Unix milliseconds, by the database's clock, at which the other claims were true. `iat` has whole seconds and another clock,
   * and what changes a role could not be told from a token that has the new one.
   */
  readonly as_of: number;
}

/** Of a program with an API key (RFC 9068, section 2.2). */
export interface ProgramClaims {
  /** Id of the key, twice. */
  readonly sub: string;
  readonly client_id: string;
  readonly org: string;
  /** Whose key it is, where it is a person's. */
  readonly user_id?: string;
  /** Names split by spaces (RFC 8693, section 4.2). */
  readonly scope: string;
}

/** Nobody has signed in, and there is no session. */
export interface ClientTokenClaims extends ProgramClaims {
  readonly as_of: number;
}

/** Who asks a service behind the gate (`functions/gate/check.ts`): a program, or a person. */
export type IdentityClaims = ProgramClaims | PersonClaims;

interface PersonClaims {
  readonly sub: string;
  readonly org?: string;
  readonly role?: Role;
  /** Every permission, split by spaces (RFC 9068, section 2.2.3). */
  readonly scope: string;
}

/** Seconds that an identity lives. */
const identityLifetime = 60;

export interface JwtKeys {
  readonly sign: (claims: AccessTokenClaims) => Promise<string>;
  /** For other services: `verify` takes none of these, because it wants a session. */
  readonly signForClient: (claims: ClientTokenClaims) => Promise<string>;
  /** @throws {Problem} `access-token-invalid` for any token that is not ours, now, and for this audience. */
  readonly verify: (token: string) => AccessTokenClaims | Promise<AccessTokenClaims>;
  /** Of a token that `verify` has found valid and that still is; undefined for any other. */
  readonly recall: (token: string) => AccessTokenClaims | undefined;
  /**
   * A token for this audience alone, alike for 30 s. Without a session in it, it is none of ours whatever its audience is called.
   */
  readonly signIdentity: (claims: IdentityClaims, audience: string) => Promise<string>;
  /** The JWK set (RFC 7517, section 5) to publish: public parts only. */
  readonly publicKeySet: { readonly keys: readonly JWK[] };
}

const algorithms = new Set(['ES256', 'EdDSA']);

/**
 * @param privateKeys the keys of a private JWK set: the first signs, all verify and are published
 * @param options.issuer `iss` of every token, and the one audience that `verify` takes for ours
 * @param options.audience whom else tokens are meant for; without it `aud` is the issuer alone (RFC 9068, section 2.2)
 * @param options.remembered how many verified tokens are known again without checking their signature
 * @throws {TypeError} when a key is not a private ES256 or EdDSA key with a `kid` of its own
 */
export async function createJwtKeys(
  privateKeys: readonly JWK[],
  {
    issuer,
    audience = [],
    remembered = 10_000,
  }: { issuer: string; audience?: readonly string[] | undefined; remembered?: number },
): Promise<JwtKeys> {
  const keys = await Promise.all(privateKeys.map(importKey));
  const [signing] = keys;
  if (!signing) throw new TypeError('the JWK set has no key');
  const audiences = [...new Set([issuer, ...audience])];
  const byId = new Map(keys.map((key) => [key.kid, key]));
  if (byId.size < keys.length) throw new TypeError('two keys have the same kid');
  const verified = new BoundedMap<string, VerifiedToken>(remembered);

  const identities = new BoundedMap<string, { token: string; until: number }>(remembered);

  async function verifySignature(token: string): Promise<AccessTokenClaims> {
    try {
      const { payload } = await jwtVerify(
        token,
        ({ kid = '', alg }) => {
          const key = byId.get(kid);
          if (key?.alg !== alg) throw new TypeError('no key of ours');
          return key.publicKey;
        },
        {
          algorithms: [...algorithms],
          issuer,
          audience: issuer,
          typ: 'at+jwt',
          requiredClaims: ['sub', 'sid', 'iat', 'exp', 'auth_time', 'amr'],
        },
      );
      // Whoever else holds our key may sign what we never would, and Postgres fails at an id of another form.
      if (!isId(payload.sub) || !isId(payload['sid'])) throw new TypeError('no ids of ours');
      const signed = payload as typeof payload & AccessTokenClaims & { iat: number; exp: number };
      // Tokens of the version before had no such claim.
      const claims = {
        ...signed,
        as_of: typeof signed.as_of === 'number' ? signed.as_of : signed.iat * 1000,
      };
      verified.set(toName(token), { token, claims, expiresAt: claims.exp * 1000 });
      return claims;
    } catch (cause) {
      throw invalidToken(cause);
    }
  }

  // A signature that held once holds until it expires: checking it anew costs 0.2 ms, remembering it nothing.
  function recall(token: string): AccessTokenClaims | undefined {
    const known = verified.get(toName(token));
    if (known?.token !== token) return undefined;
    if (known.expiresAt > Date.now()) return known.claims;
    verified.delete(toName(token));
    return undefined;
  }

  const ours = audiences.length > 1 ? audiences : issuer;
  // RFC 7515, section 3.1. Not by jose, which verifies: what it takes to sign whatever it is given is 2 kB more of every bundle.
  const sign = async (claims: JWTPayload, aud: string | string[] = ours, seconds = accessTokenLifetime) => {
    const iat = Math.floor(Date.now() / 1000);
    const header = { alg: signing.alg, kid: signing.kid, typ: 'at+jwt' };
    const payload = { ...claims, iss: issuer, aud, iat, exp: iat + seconds };
    const signed = [header, payload].map((part) => toBase64Url(JSON.stringify(part))).join('.');
    const { privateKey, alg } = signing;
    const signature = await crypto.subtle.sign(algorithmOf(alg), privateKey, Buffer.from(signed));
    return `${signed}.${toBase64Url(new Uint8Array(signature))}`;
  };

  return {
    publicKeySet: { keys: keys.map((key) => key.published) },
    sign: ({ auth_time, ...claims }) => sign({ ...claims, amr: [...claims.amr], auth_time }),
    signForClient: (claims) => sign({ ...claims }),
    signIdentity: async (claims, audience) => {
      const asked = JSON.stringify([audience, claims]);
      const known = identities.get(asked);
      if (known && known.until > Date.now()) return known.token;
      const token = await sign({ ...claims }, audience, identityLifetime);
      identities.set(asked, { token, until: Date.now() + (identityLifetime / 2) * 1000 });
      return token;
    },
    verify: (token) => recall(token) ?? verifySignature(token),
    recall,
  };
}

interface VerifiedToken {
  readonly token: string;
  readonly claims: AccessTokenClaims;
  readonly expiresAt: number;
}

/** The end of its signature, which tells it from every other one: a map would read all of a token anew at each look. */
const toName = (token: string) => token.slice(-22);

async function importKey(jwk: JWK) {
  const { kid, alg, d } = jwk;
  if (!kid || !alg || !algorithms.has(alg) || !d)
    throw new TypeError('each key needs kid, d and alg ES256 or EdDSA');
  const { kty, crv, x, y } = jwk;
  const published: JWK = { kty, crv, x, ...(y && { y }), kid, alg, use: 'sig' } as JWK;
  const [privateKey, publicKey] = await Promise.all([
    toCryptoKey(jwk, 'sign'),
    toCryptoKey(published, 'verify'),
  ]);
  return { kid, alg, privateKey, publicKey, published };
}

/** jose's own import knows every algorithm there is, 3 kB of them. */
async function toCryptoKey(jwk: JWK, usage: 'sign' | 'verify') {
  const { kty = '', crv = '', x = '', y, d } = jwk;
  const wanted = algorithmOf(jwk.alg);
  try {
    const key = { kty, crv, x, ...(y !== undefined && { y }), ...(d !== undefined && { d }) };
    return await crypto.subtle.importKey('jwk', key, wanted, false, [usage]);
  } catch (cause) {
    throw new TypeError('the key is not one of its algorithm', { cause });
  }
}

/** RFC 7518, section 3.4, and RFC 8037: of a key, and of a signature by it. */
const algorithmOf = (alg: unknown) =>
  alg === 'ES256' ? { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } : { name: 'Ed25519' };

const toBase64Url = (value: string | Uint8Array) => Buffer.from(value).toString('base64url');

const isId = (claim: unknown) => typeof claim === 'string' && isUuid(claim);

function invalidToken(cause?: unknown): Problem {
  return new Problem('access-token-invalid', {}, { cause });
}

/** A new private key for a JWK set, with a random `kid`. */
export async function createPrivateKey(alg: 'ES256' | 'EdDSA'): Promise<JWK> {
  const pair = await crypto.subtle.generateKey(algorithmOf(alg), true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new TypeError(`${alg} makes no key pair here`);
  const { kty, crv, x, y, d } = await exportJWK(pair.privateKey);
  const kid = toBase64Url(crypto.getRandomValues(new Uint8Array(9)));
  return { kty, crv, x, ...(y && { y }), d, kid, alg } as JWK;
}
