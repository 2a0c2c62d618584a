/** What the stand-in for Traefik does of ForwardAuth: as `pkg/middlewares/auth/forward.go` of 3.7 does it, with these labels. */
import http from 'node:http';

export interface ForwardAuth {
  readonly address: string;
  /** In lower case, as Node has them. */
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
}

type Labels = Readonly<Record<string, string>>;

/** Of the first middleware of the router that is one; undefined without any. */
export function toForwardAuth(labels: Labels, middlewares = ''): ForwardAuth | undefined {
  for (const name of middlewares.split(',')) {
    const own = `traefik.http.middlewares.${name}.forwardauth.`;
    const address = labels[`${own}address`];
    if (address === undefined) continue;
    if (labels[`${own}trustforwardheader`] !== 'false') throw new Error(`${name} trusts what a client sends`);
    const list = (key: string) => (labels[own + key] ?? '').toLowerCase().split(',');
    return {
      address,
      requestHeaders: list('authrequestheaders'),
      responseHeaders: list('authresponseheaders'),
    };
  }
  return undefined;
}

export type Verdict =
  | { readonly passes: true; readonly headers: http.IncomingHttpHeaders }
  | {
      readonly passes: false;
      readonly status: number;
      readonly headers: http.IncomingHttpHeaders;
      readonly body: Buffer;
    };

/** @param from the address of whoever sent the request */
export async function askGate(
  { method = 'GET', headers }: http.IncomingMessage,
  { address, requestHeaders, responseHeaders }: ForwardAuth,
  from: string,
): Promise<Verdict> {
  const asked = Object.fromEntries(
    requestHeaders.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])),
  );
  const told = { 'x-forwarded-for': from, 'x-forwarded-method': method, 'x-forwarded-proto': 'https' };
  try {
    const answer = await get(address, { ...asked, ...told });
    if (answer.status < 200 || answer.status >= 300) return { passes: false, ...answer };
    const kept = Object.entries(headers).filter(([name]) => !responseHeaders.includes(name));
    const set = responseHeaders.flatMap((name) =>
      answer.headers[name] ? [[name, answer.headers[name]]] : [],
    );
    return { passes: true, headers: Object.fromEntries([...kept, ...set]) as http.IncomingHttpHeaders };
  } catch {
    // Traefik says so, too, and not 503.
    return { passes: false, status: 500, headers: {}, body: Buffer.alloc(0) };
  }
}

function get(address: string, headers: http.OutgoingHttpHeaders) {
  return new Promise<{ status: number; headers: http.IncomingHttpHeaders; body: Buffer }>(
    (resolve, reject) => {
      const request = http.get(address, { headers, timeout: 30_000 }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(chunks) });
        });
      });
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.on('error', reject);
    },
  );
}
