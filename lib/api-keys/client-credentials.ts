/**
 * Access tokens for a program (RFC 6749, section 4.4): the API key is the secret of a client whose id is the key's. Services that
 * know our public keys take the token without asking us.
 */
import { isPermission, type Permission } from '../core/permissions.ts';
import { challengeHeader, Problem } from '../core/problem.ts';
import type { GuardedRequest, KeyCaller } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { accessTokenLifetime } from '../security/jwt.ts';
import { parseApiKey } from '../security/api-key.ts';
import { lookUpApiKey } from './api-key-look-up.ts';
import { toProgramClaims } from './token-claims.ts';

/** As the body has it. */
export interface ClientRequest {
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
  /** Names split by spaces; all that the key may unless told (RFC 6749, section 3.3). */
  readonly scope?: string | undefined;
}

/** RFC 6749, section 5.1. */
export interface ClientAnswer {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly scope: string;
}

/**
 * The token tells what the key may now, and lives for 15 minutes, whatever becomes of the key.
 *
 * @param authorization the header, by which a client may be known instead (RFC 6749, section 2.3.1)
 * @throws {Problem} `client-invalid`, `scope-invalid`, and `malformed-request` for both ways at once or two clients
 */
export async function issueClientToken(
  services: Pick<Services, 'database' | 'keys' | 'apiKeys'>,
  { address }: GuardedRequest,
  { authorization, ...asked }: ClientRequest & { readonly authorization: string | undefined },
): Promise<ClientAnswer> {
  const caller = await authenticate(services, toCredentials(asked, authorization), address);
  const scopes = toScopes(asked.scope, caller);
  const claims = toProgramClaims(caller, scopes);
  const access_token = await services.keys.signForClient({ ...claims, as_of: caller.asOf });
  return { access_token, token_type: 'Bearer', expires_in: accessTokenLifetime, scope: claims.scope };
}

interface Credentials {
  readonly id: string | undefined;
  readonly secret: string | undefined;
}

/** Beside the header a body may say whose credentials these are (RFC 6749, section 3.2.1), and hold none (section 2.3). */
function toCredentials(
  { client_id: bodyId, client_secret: bodySecret }: ClientRequest,
  authorization = '',
): Credentials {
  if (!/^basic /i.test(authorization)) return { id: bodyId, secret: bodySecret };
  if (bodySecret !== undefined) throw refuseBoth('A client is known by the header or by the body');
  const [, encoded = ''] = /^basic ([\w+/]+=*)$/i.exec(authorization) ?? [];
  const [first, ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const id = decodeForm(first);
  if (bodyId !== undefined && bodyId !== id) throw refuseBoth('The client_id is not the one in the header');
  return { id, secret: decodeForm(rest.join(':')) };
}

function refuseBoth(detail: string): Problem {
  return new Problem('malformed-request', { detail, error: 'invalid_request' });
}

/** As a form has it, which the header is encoded by before base64 (RFC 6749, section 2.3.1). */
function decodeForm(text = ''): string | undefined {
  return new URLSearchParams(`text=${text.replaceAll('&', '%26')}`).get('text') ?? undefined;
}

async function authenticate(
  services: Pick<Services, 'database' | 'apiKeys'>,
  { id, secret = '' }: Credentials,
  address: string,
): Promise<KeyCaller> {
  const presented = parseApiKey(secret);
  // Of what is known, nothing is older than this: there is no half a minute.
  const record =
    presented && presented.keyId === id ? await lookUpApiKey(services, presented, address) : undefined;
  const { expiresInMs = 1, replacedInMs = 1 } = record ?? {};
  if (record && expiresInMs > 0 && replacedInMs > 0) return record.caller;
  // What a client may be known by in the header (RFC 6749, section 5.2), and no bearer token is.
  const headers = { [challengeHeader]: 'Basic realm="token"' };
  throw new Problem('client-invalid', { error: 'invalid_client' }, { headers });
}

function toScopes(scope: string | undefined, { scopes }: KeyCaller): readonly Permission[] {
  if (scope === undefined) return scopes;
  const asked = [...new Set(scope.split(' '))];
  const granted = asked.filter(isPermission).filter((name) => scopes.includes(name));
  if (granted.length < asked.length) throw new Problem('scope-invalid', { error: 'invalid_scope' });
  return granted;
}
