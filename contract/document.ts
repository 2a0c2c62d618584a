/** The committed document, and which of its operations a request means. */
import { readFileSync } from 'node:fs';
import type { OpenApiDocument, OpenApiResponse, Operation } from './openapi.ts';

export const document = JSON.parse(
  readFileSync(new URL('../openapi.json', import.meta.url), 'utf8'),
) as OpenApiDocument;

const templates = Object.keys(document.paths).map((path) => ({
  path,
  form: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[a-z_]+\}/g, '[^/]+')}$`),
}));

/** The path of the document that this one is of; undefined for one that is not in it, as those of pages. */
export function findPath(pathname: string): string | undefined {
  if (pathname in document.paths) return pathname;
  return templates.find(({ form }) => form.test(pathname))?.path;
}

export function findOperation(path: string, method: string): Operation | undefined {
  return document.paths[path]?.[method.toLowerCase()];
}

/** The response and where it stands, as a JSON Pointer in a URI fragment. */
export interface LocatedResponse {
  readonly pointer: string;
  readonly response: OpenApiResponse;
}

export function findResponse(path: string, method: string, status: number): LocatedResponse | undefined {
  const found = findOperation(path, method)?.responses[status];
  if (!found) return undefined;
  if ('$ref' in found) {
    const name = found.$ref.replace('#/components/responses/', '');
    const response = document.components.responses[name];
    return response && { pointer: found.$ref, response };
  }
  const steps = ['paths', path, method.toLowerCase(), 'responses', String(status)];
  return { pointer: toPointer('#', steps), response: found };
}

/** RFC 6901, section 6. */
export function toPointer(from: string, steps: readonly string[]): string {
  const escaped = steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')));
  return [from, ...escaped].join('/');
}
