/**
 * What sends HTTP to a Lambda function, each in a format of its own: HTTP APIs and Function URLs (payload 2.0), REST APIs and
 * HTTP APIs that are told to (payload 1.0), and load balancers.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */

export type HttpEvent = EventOfApi | EventOfRestApi | EventOfBalancer;

interface Body {
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

/** Payload 2.0. */
export interface EventOfApi extends Body {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly requestContext: {
    readonly domainName: string;
    readonly stage?: string;
    readonly http: { readonly method: string; readonly sourceIp: string };
  };
}

type Values = Readonly<Record<string, string>> | null;
type MultipleValues = Readonly<Record<string, readonly string[]>> | null;

interface EventByParts extends Body {
  readonly httpMethod: string;
  readonly path: string;
  readonly headers?: Values;
  readonly multiValueHeaders?: MultipleValues;
  readonly queryStringParameters?: Values;
  readonly multiValueQueryStringParameters?: MultipleValues;
}

/** Payload 1.0, which names its version where an HTTP API sends it. */
export interface EventOfRestApi extends EventByParts {
  readonly version?: string;
  readonly requestContext: {
    readonly domainName: string;
    readonly stage?: string;
    readonly identity: { readonly sourceIp: string };
  };
}

/** A load balancer sends the one kind of headers or the other, as its target group is set, and wants that kind back. */
export interface EventOfBalancer extends EventByParts {
  readonly requestContext: { readonly elb: object };
}

export interface ReceivedCall {
  readonly request: Request;
  /** Who called, as AWS saw it. */
  readonly peerAddress: string;
}

/** How whoever sent an event takes headers. */
export type HeaderFormat = 'cookies' | 'multiValueHeaders' | 'headers';

/** @throws {TypeError} for what is no HTTP */
export function toHeaderFormat(event: HttpEvent): HeaderFormat {
  if ('rawPath' in event) return 'cookies';
  if (!('httpMethod' in event)) throw new TypeError('The event is no HTTP request');
  return isOfBalancer(event) && !event.multiValueHeaders ? 'headers' : 'multiValueHeaders';
}

/** @throws {TypeError} for HTTP that can't become a `Request`: a broken Host header, a method that fetch forbids */
export function readEvent(event: HttpEvent): ReceivedCall {
  if ('rawPath' in event) return ofApi(event);
  return isOfBalancer(event) ? ofBalancer(event) : ofRestApi(event);
}

const isOfBalancer = (event: EventOfRestApi | EventOfBalancer): event is EventOfBalancer =>
  'elb' in event.requestContext;

function ofApi(event: EventOfApi): ReceivedCall {
  const { rawPath, rawQueryString, cookies = [], requestContext } = event;
  const { domainName, stage, http } = requestContext;
  const headers = toHeaders(event);
  if (cookies.length > 0) headers.set('cookie', toBytes(cookies.join('; ')));
  const url = toUrl(domainName, withoutStage(rawPath, stage), rawQueryString);
  return {
    request: toRequest(url, http.method, headers, event),
    peerAddress: http.sourceIp,
  };
}

/** With the names of a query decoded by API Gateway. */
function ofRestApi(event: EventOfRestApi): ReceivedCall {
  const { domainName, stage, identity } = event.requestContext;
  const query = new URLSearchParams([...toQuery(event)]);
  // A REST API takes its stage away by itself: what stands there is part of the path, also where it is called like the stage.
  const path = event.version === undefined ? event.path : withoutStage(event.path, stage);
  const url = toUrl(domainName, path, query.toString());
  return {
    request: toRequest(url, event.httpMethod, toHeaders(event), event),
    peerAddress: identity.sourceIp,
  };
}

/** With a query as it was sent, and the caller's address behind those that the caller may have written. */
function ofBalancer(event: EventOfBalancer): ReceivedCall {
  const headers = toHeaders(event);
  const query = [...toQuery(event)].map(([name, value]) => `${name}=${value}`).join('&');
  const url = toUrl(headers.get('host') ?? 'localhost', event.path, query);
  return {
    request: toRequest(url, event.httpMethod, headers, event),
    peerAddress: headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '',
  };
}

function toUrl(host: string, path: string, query: string): string {
  // Of a balancer the caller wrote it: a slash in it would begin another path than the one that the balancer went by.
  if (!/^[\w.:[\]-]+$/.test(host)) throw new TypeError('No Host');
  return `https://${host}${path}${query === '' ? '' : `?${query}`}`;
}

/** An HTTP API puts a named stage in front of the path, which the function doesn't know. */
function withoutStage(path: string, stage: string | undefined): string {
  const isNamed = stage !== undefined && stage !== '' && stage !== '$default';
  return isNamed && path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : path;
}

function toHeaders({
  headers,
  multiValueHeaders,
}: Pick<EventByParts, 'headers' | 'multiValueHeaders'>): Headers {
  const pairs = [...toPairs(headers, multiValueHeaders)];
  return new Headers(pairs.map(([name, value]) => [name, toBytes(value)]));
}

/** AWS has read bytes as UTF-8; a header has a character for each byte, as it comes from the wire elsewhere. */
const toBytes = (value: string) => Buffer.from(value).toString('latin1');

function toQuery(event: EventByParts): Iterable<[string, string]> {
  return toPairs(event.queryStringParameters, event.multiValueQueryStringParameters);
}

function* toPairs(
  single: Values | undefined,
  multiple: MultipleValues | undefined,
): Generator<[string, string]> {
  if (!multiple) return yield* Object.entries(single ?? {});
  for (const [name, values] of Object.entries(multiple)) for (const value of values) yield [name, value];
}

function toRequest(url: string, method: string, headers: Headers, { body, isBase64Encoded }: Body): Request {
  const isSent = typeof body === 'string' && !['GET', 'HEAD'].includes(method);
  return new Request(url, {
    method,
    headers,
    ...(isSent && { body: isBase64Encoded === true ? Buffer.from(body, 'base64') : body }),
  });
}
