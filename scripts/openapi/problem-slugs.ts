/** Which problems an operation of the document is answered with. */
import type { JsonSchema, OpenApiDocument, OpenApiResponse, Operation } from '../../contract/openapi.ts';

/** The slug of a problem's schema; undefined for a shape that is none. */
export function toSlug({ properties }: JsonSchema): string | undefined {
  const { type } = (properties ?? {}) as { type?: { pattern?: string } };
  return type?.pattern?.match(/^\/problems\/([a-z-]+)\$$/)?.[1];
}

/** In the order of the statuses. */
export function slugsOf({ responses }: Operation, document: OpenApiDocument): readonly string[] {
  const slugs = Object.values(responses).flatMap((response) => {
    const content = resolveResponse(response, document).content?.['application/problem+json'];
    return content ? toSchemas(content.schema, document).map(toSlug) : [];
  });
  return [...new Set(slugs.filter((slug) => slug !== undefined))];
}

export function resolveResponse(
  response: Operation['responses'][string],
  { components }: OpenApiDocument,
): OpenApiResponse {
  if (!('$ref' in response)) return response;
  const named = components.responses[toName(response.$ref)];
  if (!named) throw new Error(`there is no ${response.$ref}`);
  return named;
}

function toSchemas(schema: JsonSchema, document: OpenApiDocument): readonly JsonSchema[] {
  const { oneOf, $ref } = schema as { oneOf?: JsonSchema[]; $ref?: string };
  if (oneOf) return oneOf.flatMap((one) => toSchemas(one, document));
  const named = $ref === undefined ? schema : document.components.schemas[toName($ref)];
  return named ? [named] : [];
}

const toName = (reference: string) => reference.slice(reference.lastIndexOf('/') + 1);
