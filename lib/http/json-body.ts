/** The body of a request as JSON (RFC 8259), of the endpoint's own schema (`json` in a guard). */
import type * as z from 'zod/mini';
import { readBody } from './body.ts';
import type { BodyRule } from './guard.ts';
import { parseInput } from './input.ts';
import { Problem } from '../core/problem.ts';

const mediaType = 'application/json';

/**
 * @throws {Problem} `unsupported-media-type`, `content-too-large`, `malformed-request`, or `invalid-input` with the
 * fields to blame
 */
export function json<Schema extends z.ZodMiniType>(schema: Schema): BodyRule<z.output<Schema>> {
  return {
    schema,
    mediaType,
    parse: async (request) => parseInput(schema, parseJson(await readBody(request, mediaType))),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // V8's message quotes the text, which may hold a password: it is not kept, not even as a cause.
    throw new Problem('malformed-request', { detail: 'The body is not JSON' });
  }
}
