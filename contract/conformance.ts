/**
 * Whether an answer is one that the document tells of: its status, its media type, its body and the headers that mean
 * something to clients. Whatever speaks HTTP in a test or in the matrix asks here, so that every test is one of the document.
 */
import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import {
  document,
  findOperation,
  findPath,
  findResponse,
  type LocatedResponse,
  toPointer,
} from './document.ts';

export interface Exchange {
  readonly method: string;
  /** With or without an origin and a query. */
  readonly url: string;
  readonly status: number;
  /** By names in small letters. */
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'document', false, false);

/** @throws {Error} that names what is not in the document */
export function assertDocumented(exchange: Exchange): void {
  const faults = findUndocumented(exchange);
  if (faults.length === 0) return;
  const { method, url, status, body } = exchange;
  throw new Error(`${method} ${url} answered ${status}, and openapi.json has another answer: ${faults.join('; ')}
${body.slice(0, 2000)}`);
}

function findUndocumented(exchange: Exchange): readonly string[] {
  const { method, url, status } = exchange;
  const path = findPath(new URL(url, 'http://localhost').pathname);
  // A page, a path that nobody has, or a preflight.
  if (path === undefined || method === 'OPTIONS') return [];
  const asked = method === 'HEAD' ? 'GET' : method;
  // A function by itself knows nothing of the others at its path, and refuses their methods.
  if (!findOperation(path, asked) || status === 405) return findRefusalFaults(exchange);
  const located = findResponse(path, asked, status);
  if (!located) return [`it has no ${status}`];
  return [...findHeaderFaults(exchange, located), ...findBodyFaults(exchange, located)];
}

/** Of a method that the path does not have. */
function findRefusalFaults({ status, header }: Exchange): readonly string[] {
  if (status !== 405) return ['it has no such method, which is a 405'];
  return header('allow') === undefined ? ['a 405 says which methods there are'] : [];
}

/** Headers that a client may act on: sent only where the document says so. */
const telling = [
  'accept',
  'content-disposition',
  'deprecation',
  'etag',
  'last-modified',
  'link',
  'location',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'sunset',
  'www-authenticate',
];

function findHeaderFaults({ header }: Exchange, { response }: LocatedResponse): readonly string[] {
  const documented = Object.entries(response.headers ?? {});
  const names = new Set(documented.map(([name]) => name.toLowerCase()));
  const surplus = telling.filter((name) => header(name) !== undefined && !names.has(name));
  const faults = documented.flatMap(([name, told]) => {
    const { required, schema } = '$ref' in told ? toHeader(told.$ref) : told;
    const value = header(name.toLowerCase());
    if (value === undefined) return required ? [`it has ${name}`] : [];
    return ajv.validate(schema, value) ? [] : [`${name} is "${value}"`];
  });
  return [...faults, ...surplus.map((name) => `it has no ${name}`)];
}

function toHeader(reference: string) {
  const header = document.components.headers[reference.replace('#/components/headers/', '')];
  if (!header) throw new Error(`${reference} is nowhere in openapi.json`);
  return header;
}

function findBodyFaults(exchange: Exchange, { pointer, response }: LocatedResponse): readonly string[] {
  const { method, body, header } = exchange;
  const mediaTypes = Object.keys(response.content ?? {});
  const sent = header('content-type')?.split(';')[0];
  if (mediaTypes.length === 0) return body === '' ? [] : ['it has no body'];
  const mediaType = mediaTypes.find((one) => one === sent);
  if (mediaType === undefined) return [`it is ${mediaTypes.join(' or ')}, not ${String(sent)}`];
  if (method === 'HEAD' || !/[/+]json$/.test(mediaType)) return [];
  const validate = compile(toPointer(pointer, ['content', mediaType, 'schema']));
  if (validate(JSON.parse(body))) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath === '' ? 'the body' : instancePath} ${String(message)} (${JSON.stringify(params)})`,
  );
}

/** The schema at this place of the document. */
export function compile(pointer: string): ValidateFunction {
  const validate = ajv.getSchema(`document${pointer}`);
  if (!validate) throw new Error(`openapi.json has no ${pointer}`);
  return validate;
}
