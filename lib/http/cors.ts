/** Cross-origin requests from a browser (https://fetch.spec.whatwg.org/#http-cors-protocol), for listed origins only. */
import type { Settings } from '../core/settings.ts';
import type { ResponseHeaders } from './response-headers.ts';

/** The answer to a preflight from a listed origin for a path that exists; undefined for every other request. */
export function respondToPreflight(
  request: Request,
  settings: Settings | undefined,
  methodsAt: (path: string) => readonly string[],
): Response | undefined {
  if (request.method !== 'OPTIONS' || !request.headers.has('access-control-request-method')) return undefined;
  const origin = request.headers.get('origin');
  if (origin === null || !settings?.corsOrigins.has(origin)) return undefined;
  const methods = methodsAt(new URL(request.url).pathname);
  if (methods.length === 0) return undefined;
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': methods.join(', '),
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, Idempotency-Key, X-Request-Id',
      'Access-Control-Max-Age': '7200',
    },
  });
}

const exposed = 'RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id';

/** What takes the cookies of an app's browser (`own-app.ts`). */
const withCookies = '/v1/auth/browser/';

/** Lets a page of a listed origin read the answer. Tokens travel in a header, so but for `withCookies` no credentials are allowed. */
export function allowCrossOrigin(request: Request, headers: ResponseHeaders, settings: Settings): void {
  if (settings.corsOrigins.size === 0) return;
  headers['vary'] = 'Origin';
  const origin = request.headers.get('origin');
  if (origin === null || !settings.corsOrigins.has(origin)) return;
  headers['access-control-allow-origin'] = origin;
  headers['access-control-expose-headers'] = exposed;
  if (settings.cookieOrigins.has(origin) && new URL(request.url).pathname.startsWith(withCookies)) {
    headers['access-control-allow-credentials'] = 'true';
  }
}
