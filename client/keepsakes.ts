/**
 * What the API gives a client to keep and wants to have again: the device token of an address, at its next sign-in, and the
 * binding of an email that was asked for, with the code of that email and with the next request for one.
 */
import { type bindingRoutes, deviceTokenRoutes } from './api.ts';
import type { Store } from './store.ts';

type BindingRoute = (typeof bindingRoutes)[number];

/** Routes whose bindings belong together: one that asks for an email, and one that takes what is in it. */
const purposes: Readonly<Record<string, string>> = {
  'POST /v1/auth/magic-link': 'sign-in',
  'POST /v1/auth/magic-link/verify': 'sign-in',
  'POST /v1/auth/register': 'email-verification',
  'POST /v1/auth/email/resend': 'email-verification',
  'POST /v1/auth/email/verify': 'email-verification',
  'POST /v1/auth/password/forgot': 'password-reset',
  'POST /v1/auth/password/reset': 'password-reset',
  'POST /v1/auth/email/change': 'email-change',
  'POST /v1/auth/email/confirm': 'email-change',
} satisfies Record<BindingRoute, string>;

/** Addresses whose device tokens are kept: those that somebody has signed in with last. */
const mostDevices = 8;

type Body = Readonly<Record<string, unknown>>;

/** The body with what was kept for its route and its address; what the caller gives stays. */
export async function withKeepsakes(store: Store, route: string, body: Body): Promise<Body> {
  const device_token = deviceTokenRoutes.includes(route)
    ? toMap(await store.get('devices')).get(toAddress(body.email))
    : undefined;
  const purpose = purposes[route];
  const binding = purpose === undefined ? undefined : await findBinding(store, purpose, body);
  return { ...(device_token && { device_token }), ...(binding && { binding }), ...body };
}

/** Keeps what the answer gives, and forgets a binding whose email was used. */
export async function keep(store: Store, route: string, body: Body, answer: Body): Promise<void> {
  const { email = toUser(answer).email } = body;
  const { device_token, binding } = answer;
  if (typeof device_token === 'string' && email !== undefined) {
    const devices = toMap(await store.get('devices'));
    devices.delete(toAddress(email));
    devices.set(toAddress(email), device_token);
    await store.set('devices', JSON.stringify([...devices].slice(-mostDevices)));
  }
  const purpose = purposes[route];
  if (typeof binding === 'string') {
    await store.set(`binding:${purpose}`, JSON.stringify([toAddress(email), binding]));
  } else if (purpose !== undefined) {
    await store.set(`binding:${purpose}`, undefined);
  }
}

/** That of the address; with a link, which names none, the last one, and only where the API makes something of it. */
async function findBinding(
  store: Store,
  purpose: string,
  { email, token }: Body,
): Promise<string | undefined> {
  const [[address, binding] = []] = toMap(`[${(await store.get(`binding:${purpose}`)) ?? ''}]`);
  const isWanted =
    email === undefined ? token && purpose === 'email-verification' : address === toAddress(email);
  return isWanted ? binding : undefined;
}

const toUser = ({ user }: Body): Body => (typeof user === 'object' && user !== null ? { ...user } : {});

/** As the API compares them. */
const toAddress = (email: unknown) => String(email).trim().toLowerCase();

function toMap(text: string | null | undefined): Map<string, string> {
  try {
    return new Map(JSON.parse(text ?? '[]') as [string, string][]);
  } catch {
    return new Map();
  }
}
