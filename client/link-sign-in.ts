/**
 * Sign-in by a mailed link that ends at this app: the app asks with a challenge, and exchanges the code that the link brings
 * for tokens, which only it can (RFC 7636). No token is ever in an address.
 */
import type { Answer } from './answer.ts';
import type { Routes } from './api.ts';
import type { Client } from './client.ts';
import { keep } from './keepsakes.ts';
import type { Store } from './store.ts';

export interface LinkSignIn {
  readonly client: Client;
  /** That of the client. A link opens in another tab: `sessionStorage` would not have what was kept. */
  readonly store: Store;
}

interface Asked {
  readonly email: string;
  readonly redirectTo: string;
  readonly verifier: string;
  readonly state: string;
}

const name = 'link';

/**
 * @param redirectTo an address of this app, whose origin is in `REDIRECT_ALLOWLIST`
 * @example await startLinkSignIn({ client, store }, { email, redirectTo: `${location.origin}/in` });
 */
export async function startLinkSignIn(
  { client, store }: LinkSignIn,
  { email, redirectTo }: { readonly email: string; readonly redirectTo: string },
): Promise<Answer<Routes['POST']['/v1/auth/magic-link']>> {
  const asked: Asked = { email, redirectTo, verifier: random(), state: random() };
  await store.set(name, JSON.stringify(asked));
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(asked.verifier));
  return client.post('/v1/auth/magic-link', {
    body: {
      email,
      redirect_to: redirectTo,
      code_challenge: toText(new Uint8Array(hash)),
      code_challenge_method: 'S256',
      state: asked.state,
    },
  });
}

/**
 * At `redirectTo`: signs in by the code in the address, once, since a code that comes twice ends the session it gave. Undefined
 * where there is no code, or none that was asked for here. Take the code out of the address then (`history.replaceState`).
 *
 * @example const answer = await finishLinkSignIn({ client, store }, location.href);
 */
export async function finishLinkSignIn(
  { client, store }: LinkSignIn,
  address: string,
): Promise<Answer<Routes['POST']['/v1/auth/token']> | undefined> {
  const { searchParams } = new URL(address);
  const code = searchParams.get('code');
  const asked = JSON.parse((await store.get(name)) ?? '{}') as Partial<Asked>;
  if (code === null || !asked.verifier || !asked.redirectTo || searchParams.get('state') !== asked.state) {
    return undefined;
  }
  await store.set(name, undefined);
  const { verifier: code_verifier, redirectTo: redirect_uri, email } = asked;
  const answer = await client.post('/v1/auth/token', {
    body: { grant_type: 'authorization_code', code, code_verifier, redirect_uri },
  });
  if (answer.status === 200)
    await keep(store, 'POST /v1/auth/magic-link/verify', { email }, { ...answer.data });
  return answer;
}

const random = () => toText(crypto.getRandomValues(new Uint8Array(32)));

/** base64url (RFC 4648, section 5), without padding. */
function toText(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
