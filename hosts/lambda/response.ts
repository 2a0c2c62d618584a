/** An answer in the format that whoever sent the request takes. */
import type { HeaderFormat } from './event.ts';

export interface LambdaResponse {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

export async function toLambdaResponse(response: Response, wants: HeaderFormat): Promise<LambdaResponse> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const isText = /^(?:text\/|application\/(?:[\w.-]+\+)?json\b)/.test(
    response.headers.get('content-type') ?? 'text/',
  );
  return {
    statusCode: response.status,
    ...toHeaders(response.headers, wants),
    body: bytes.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
}

function toHeaders(headers: Headers, wants: HeaderFormat) {
  const cookies = headers.getSetCookie();
  const others = [...headers].filter(([name]) => name !== 'set-cookie');
  if (wants === 'cookies') return { headers: Object.fromEntries(others), cookies };
  if (wants === 'multiValueHeaders') {
    const lists = others.map(([name, value]) => [name, [value]] as const);
    return {
      multiValueHeaders: Object.fromEntries(
        cookies.length === 0 ? lists : [...lists, ['set-cookie', cookies] as const],
      ),
    };
  }
  // One value for each name is all that this format has, but names are told apart by case: four cookies have four spellings.
  const spelt = cookies.map((cookie, nth) => [spell('set-cookie', nth), cookie] as const);
  return { headers: Object.fromEntries([...others, ...spelt]) };
}

/** Another spelling in upper and lower case for each number. */
function spell(name: string, nth: number): string {
  return [...name].map((letter, at) => ((nth >> at) & 1 ? letter.toUpperCase() : letter)).join('');
}
