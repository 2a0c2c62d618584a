/** The metadata of an authorization server. */
import * as z from 'zod/mini';
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'See whose tokens these are',
  answers: {
    200: {
      description: 'The issuer, where its keys are, and how an app gets tokens for a code',
      body: z.strictObject({
        issuer: z.string(),
        jwks_uri: z.string(),
        token_endpoint: z.string(),
        token_endpoint_auth_methods_supported: z.array(z.string()),
        grant_types_supported: z.array(z.string()),
        response_types_supported: z.array(z.string()),
        code_challenge_methods_supported: z.array(z.string()),
        authorization_response_iss_parameter_supported: z.boolean(),
      }),
    },
  },
} satisfies Answers;
