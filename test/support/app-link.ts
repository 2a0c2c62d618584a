/** An app that asks for an email with a challenge, and what becomes of its link on our page. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { TestBlockbot, TestRequest } from './blockbot.ts';
import { lastEmail } from './mailed.ts';

export const appAddress = 'https://app.example.com/in';

export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

export function createPkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** The fields with which the app asks. */
export const toAppFields = ({ challenge }: Pkce, more: Readonly<Record<string, string>> = {}) => ({
  redirect_to: appAddress,
  code_challenge: challenge,
  code_challenge_method: 'S256',
  state: 'state of the app',
  ...more,
});

/** Sends a form as a page of ours does. */
export function submit(
  bot: Pick<TestBlockbot, 'send'>,
  path: string,
  fields: Readonly<Record<string, string>>,
  { headers, ...request }: TestRequest = {},
): Promise<Response> {
  return bot.send('POST', path, {
    ...request,
    body: new URLSearchParams(fields).toString(),
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Sec-Fetch-Site': 'same-origin',
      ...headers,
    },
  });
}

/** The link of a person's newest email, confirmed on our page. */
export async function confirmLink(
  bot: TestBlockbot,
  email: string,
  {
    template = 'sign-in',
    purpose = template,
  }: { readonly template?: string; readonly purpose?: string } = {},
): Promise<Response> {
  const { token } = await lastEmail(bot, email, template);
  return submit(bot, '/auth/magic-link', { for: purpose, token, confirm: 'yes' });
}

/** What the app is handed by the response of our page. */
export function toCallback(response: Response): {
  readonly address: string;
  readonly code: string;
  readonly state: string | null;
  readonly iss: string | null;
} {
  assert.equal(response.status, 303);
  const url = new URL(response.headers.get('location') ?? '');
  const { searchParams } = url;
  return {
    address: url.href,
    code: searchParams.get('code') ?? '',
    state: searchParams.get('state'),
    iss: searchParams.get('iss'),
  };
}

/** The app's request for tokens; a field that is empty is not sent. */
export function exchange(
  bot: Pick<TestBlockbot, 'send'>,
  code: string,
  { verifier }: Pick<Pkce, 'verifier'>,
  more: Readonly<Record<string, string>> = {},
  request: TestRequest = {},
): Promise<Response> {
  const fields = {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: appAddress,
    ...more,
  };
  return bot.send('POST', '/v1/auth/token', {
    ...request,
    body: new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== '')).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...request.headers },
  });
}
