/** A browser without scripts, as far as a server can tell: it keeps cookies and sends forms. */
import type { TestBlockbot } from './blockbot.ts';

export interface BrowserClient {
  readonly get: (path: string) => Promise<Response>;
  /** Sends a form as a page of our own would. */
  readonly submit: (path: string, fields: Readonly<Record<string, string>>) => Promise<Response>;
  /** Follows a redirect to a page of ours. */
  readonly follow: (response: Response) => Promise<Response>;
  readonly cookies: Map<string, string>;
}

export const userAgents = {
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  safari:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
} as const;

export function createBrowser(bot: TestBlockbot, userAgent: string = userAgents.firefox): BrowserClient {
  const cookies = new Map<string, string>();

  async function ask(method: string, path: string, form?: Readonly<Record<string, string>>) {
    const response = await bot.send(method, path, {
      headers: {
        Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'User-Agent': userAgent,
        ...(form && formHeaders),
      },
      ...(form && { body: new URLSearchParams(form).toString() }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = cookie.match(/^([^=]+)=([^;]*)/) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, decodeURIComponent(value));
    }
    return response;
  }

  return {
    get: (path) => ask('GET', path),
    submit: (path, fields) => ask('POST', path, fields),
    follow: (response) => ask('GET', response.headers.get('location') ?? ''),
    cookies,
  };
}

/** A page as it is copied: what may be broken for a narrow window is whole. */
export async function readWhole(response: Response): Promise<string> {
  return (await response.text()).replaceAll('<wbr />', '');
}

/** What a browser sends along with a form of a page of ours. */
export const formHeaders = {
  'Content-Type': 'application/x-www-form-urlencoded',
  'Sec-Fetch-Site': 'same-origin',
} as const;
