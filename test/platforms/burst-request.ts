/** One request of the burst: sound, and about what is the person's own. */
import type { Endpoint } from '../../contract/endpoints.ts';
import type { Person } from './accounts.ts';

export const appOrigin = 'https://app.example.com';
export const cronSecret = 'a secret of the scheduler, long enough';
export const gateAudience = 'billing';

/** @param nth of the people, each of whom has an address of their own */
export function createRequest(origin: string, endpoint: Endpoint, person: Person, nth: number): Request {
  const { method, name, isPage, takesForm, soundBody, needsOwnApp } = endpoint;
  const body = soundBody && toBody(name, soundBody, person);
  const isForm = isPage || takesForm;
  const bearer = toBearer(endpoint, person);
  return new Request(origin + toPath(endpoint, person), {
    method,
    redirect: 'manual',
    headers: {
      'CF-Connecting-IP': `10.${1 + (nth >> 16)}.${(nth >> 8) & 255}.${nth & 255}`,
      ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }),
      ...((isPage || needsOwnApp) && { Cookie: toCookies(name, person) }),
      ...(needsOwnApp && { Origin: appOrigin }),
      ...(body && {
        'Content-Type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
        'Sec-Fetch-Site': 'same-origin',
      }),
    },
    ...(body && { body: isForm ? toForm(body) : JSON.stringify(body) }),
  });
}

function toPath({ template, isGate }: Endpoint, { sessionId, organization, colleague }: Person): string {
  const ids: Readonly<Record<string, string>> = {
    organizations: organization.id,
    invitations: colleague.organization.invitation.id,
    sessions: sessionId,
    user_id: colleague.id,
    invitation_id: organization.invitation.id,
    key_id: organization.apiKey.keyId,
  };
  const path = template.replace(
    /(\w+)\/:(\w+)/g,
    (_, collection: string, parameter: string) =>
      `${collection}/${ids[parameter === 'id' ? collection : parameter] ?? ''}`,
  );
  return isGate ? `${path}?audience=${gateAudience}&permission=members:read` : path;
}

/** At the gate a key, which Postgres is asked for; of a token it is not. */
function toBearer(
  { needsUser, needsKey, needsScheduler, isGate }: Endpoint,
  { accessToken, organization }: Person,
): string | undefined {
  if (needsKey || isGate) return organization.apiKey.text;
  if (needsScheduler) return cronSecret;
  return needsUser ? accessToken : undefined;
}

function toCookies(name: string, { accessToken, refreshToken, email, verification }: Person): string {
  const cookies = [`__Host-access=${accessToken}`, `__Host-session=${refreshToken}`];
  // A code is good in the browser that asked for it.
  if (verification && name === 'pages/code/submit') {
    cookies.push(`__Host-asked=${verification.binding}.${Buffer.from(email).toString('base64url')}`);
  }
  return cookies.join('; ');
}

function toForm(fields: object): string {
  const texts = Object.entries(fields).map(([name, value]) => [name, String(value)] as const);
  return new URLSearchParams(Object.fromEntries(texts)).toString();
}

/** The sample's fields, with what is this person's own. */
function toBody(name: string, sample: Readonly<Record<string, unknown>>, person: Person) {
  const { sessionId, organization, colleague, verification } = person;
  const isNewAddress = /register|emails\/change|account-email|invitations/.test(name);
  const own: Readonly<Record<string, unknown>> = {
    id: toFormId(name, person),
    email: isNewAddress ? `new-${person.email}` : person.email,
    refresh_token: person.refreshToken,
    organization_id: organization.id,
    user_id: colleague.id,
    slug: name.includes('delete') ? organization.slug : `of-${sessionId}`,
    keys: [organization.apiKey.text],
    token: toToken(name, person),
    code: name === 'tokens/issue' ? verification?.token : verification?.code,
  };
  return {
    ...Object.fromEntries(Object.entries(sample).map(([field, value]) => [field, own[field] ?? value])),
    // As pressed on the page that a link opens in another browser than the one that asked for it.
    ...(name === 'pages/magic-link/submit' && { confirm: 'yes' }),
  };
}

/** What the `id` of a form is of. */
function toFormId(name: string, { sessionId, organization, colleague }: Person): string | undefined {
  const ids: Readonly<Record<string, string>> = {
    'account-devices': sessionId,
    'account-organizations': colleague.organization.invitation.id,
    'organization-invitations': organization.invitation.id,
    'organization-keys': organization.apiKey.keyId,
  };
  return ids[name.split('/')[1] ?? ''];
}

function toToken(name: string, { colleague: { organization }, verification }: Person): string | undefined {
  if (/^(?:pages\/)?invitations?\//.test(name)) return organization.invitation.token;
  if (/^(?:pages\/)?join(?:-links)?\//.test(name)) return organization.joinLink.token;
  return verification?.token;
}
