/**
 * A function, or all of them, on AWS Lambda: payload format 2.0, which function URLs and HTTP APIs send.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
import type { FunctionApp } from '../../lib/http/function.ts';
import { createHost, type ServiceFactories } from '../core/host.ts';

export interface LambdaEvent {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly domainName: string;
    readonly stage?: string;
    readonly http: { readonly method: string; readonly sourceIp: string };
  };
}

export interface LambdaResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

export function toLambdaHandler(app: FunctionApp, parts: ServiceFactories) {
  // One request at a time is all that an execution environment gets.
  const host = createHost(app, parts, { connections: 2, providesClientAddress: true });
  return async (event: LambdaEvent): Promise<LambdaResponse> => {
    const pending: Promise<unknown>[] = [];
    const response = await host.answer(toRequest(event), process.env, {
      peerAddress: event.requestContext.http.sourceIp,
      background: (work) => pending.push(work),
    });
    const answer = await toAnswer(response);
    // The process is frozen with the answer: what goes on in the background is waited for.
    await Promise.allSettled(pending);
    return answer;
  };
}

function toRequest(event: LambdaEvent): Request {
  const { rawPath, rawQueryString, body, isBase64Encoded, cookies = [], requestContext } = event;
  const { domainName, stage, http } = requestContext;
  const headers = new Headers(event.headers);
  if (cookies.length > 0) headers.set('cookie', cookies.join('; '));
  // A named stage stands in front of the path, which the function doesn't know.
  const path =
    stage && stage !== '$default' && rawPath.startsWith(`/${stage}/`)
      ? rawPath.slice(stage.length + 1)
      : rawPath;
  const query = rawQueryString === '' ? '' : `?${rawQueryString}`;
  return new Request(`https://${domainName}${path}${query}`, {
    method: http.method,
    headers,
    ...(body !== undefined &&
      !['GET', 'HEAD'].includes(http.method) && {
        body: isBase64Encoded ? Buffer.from(body, 'base64') : body,
      }),
  });
}

async function toAnswer(response: Response): Promise<LambdaResponse> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const isText = /^(?:text\/|application\/(?:[\w.-]+\+)?json\b)/.test(
    response.headers.get('content-type') ?? 'text/',
  );
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'));
  return {
    statusCode: response.status,
    headers,
    cookies: response.headers.getSetCookie(),
    body: bytes.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
}
