/** The cookies of our own pages: for this host alone, and no script of a page reads them. */
import { generateCookie } from 'hono/cookie';
import { parse } from 'hono/utils/cookie';
import type { FunctionContext } from './services.ts';

export type CookieName = 'session' | 'access' | 'asked' | 'device';

/** A cookie of ours, undefined when it is not there or empty. */
export function getOwnCookie(c: FunctionContext, name: CookieName): string | undefined {
  const { fullName } = attributesOf(c, name);
  const value = parse(c.req.header('cookie') ?? '', fullName)[fullName];
  return value === '' ? undefined : value;
}

/** @param maxAge seconds; 0 takes it away */
export function setOwnCookie(c: FunctionContext, name: CookieName, value: string, maxAge: number): void {
  const { fullName, secure } = attributesOf(c, name);
  const cookie = generateCookie(fullName, value, {
    httpOnly: true,
    secure,
    sameSite: 'Lax',
    path: '/',
    maxAge,
  });
  c.header('Set-Cookie', cookie, { append: true });
}

/**
 * `__Host-`: no neighbour on another subdomain can set it (RFC 6265bis, section 4.1.3). Over plain HTTP, which is for
 * development only, not every browser would keep such a cookie.
 */
function attributesOf(c: FunctionContext, name: CookieName) {
  const secure = c.env.settings.publicUrl.startsWith('https:');
  return { fullName: secure ? `__Host-${name}` : name, secure };
}
