/** The body of a request as a web page's form sends it (`form` in a guard). */
import type * as z from 'zod/mini';
import { readBody } from './body.ts';
import type { BodyRule } from './guard.ts';
import { parseInput } from './input.ts';

export const formMediaType = 'application/x-www-form-urlencoded';

// By the request and not in a variable of the guard's: a form that is refused is shown again with what was typed.
const submitted = new WeakMap<Request, Readonly<Record<string, string>>>();

/**
 * The fields that were filled, in their order.
 *
 * @throws {Problem} `unsupported-media-type`, `content-too-large`, `malformed-request`
 */
export async function readForm(request: Request): Promise<readonly (readonly [string, string])[]> {
  const entries = [...new URLSearchParams(await readBody(request, formMediaType))];
  return entries.filter(([, value]) => value !== '');
}

/**
 * A field that was left empty counts as missing, which is what an empty field of a form means. Of a name that comes twice
 * the last counts.
 *
 * @throws {Problem} `unsupported-media-type`, `content-too-large`, `malformed-request`, or `invalid-input` with the
 * fields to blame
 */
export function form<Schema extends z.ZodMiniType>(schema: Schema): BodyRule<z.output<Schema>> {
  return {
    schema,
    mediaType: formMediaType,
    parse: async (request) => {
      const fields = Object.fromEntries(await readForm(request));
      submitted.set(request, fields);
      return parseInput(schema, fields);
    },
  };
}

/** What a form was filled with, sound or not; never echo a password. */
export function submittedOf(request: Request): Readonly<Record<string, string>> {
  return submitted.get(request) ?? {};
}
