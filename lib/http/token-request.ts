/** The body of a request for tokens (`tokenRequest` in a guard): a form, refused as OAuth has it (RFC 6749, section 5.2). */
import type { MiddlewareHandler } from 'hono';
import type * as z from 'zod/mini';
import { isProblem, Problem } from '../core/problem.ts';
import { formMediaType, readForm } from './form-body.ts';
import type { BodyRule } from './guard.ts';
import { parseInput } from './input.ts';
import type { FunctionEnv } from './services.ts';

/**
 * Calls a refusal `application/json`, as RFC 6749, section 5.2, has it, to whoever asks for that: clients of OAuth read no other
 * media type, and everybody else gets the one of problems.
 */
export const refuseAsJson: MiddlewareHandler<FunctionEnv> = async function refused(c, next) {
  await next();
  const wantsJson = /\bapplication\/json\b/.test(c.req.header('accept') ?? '');
  if (wantsJson && [400, 401].includes(c.res.status)) c.res.headers.set('Content-Type', 'application/json');
};

/**
 * Parameters that nobody knows are ignored, empty ones are missing, and none may come twice (RFC 6749, section 3.2).
 *
 * @param schema of one grant type, or of several told apart by `grant_type`
 * @throws {Problem} `unsupported-media-type`, `content-too-large`, `grant-type-unsupported`, or `malformed-request`
 */
export function tokenRequest<Schema extends z.ZodMiniType>(schema: Schema): BodyRule<z.output<Schema>> {
  return {
    schema,
    mediaType: formMediaType,
    parse: async (request) => {
      const entries = await readForm(request);
      const fields = Object.fromEntries(entries);
      if (Object.keys(fields).length < entries.length) throw refuse({ detail: 'A parameter comes twice' });
      try {
        return parseInput(schema, fields);
      } catch (error) {
        if (!isProblem(error)) throw error;
        throw toTokenProblem(error, fields['grant_type']);
      }
    },
  };
}

function toTokenProblem({ members: { errors = [] } }: Problem, grantType: string | undefined): Problem {
  if (grantType !== undefined && errors.some(({ pointer }) => pointer === '#/grant_type')) {
    return new Problem('grant-type-unsupported', { error: 'unsupported_grant_type' });
  }
  return refuse({ errors });
}

function refuse(members: Problem['members']): Problem {
  return new Problem('malformed-request', { ...members, error: 'invalid_request' });
}
