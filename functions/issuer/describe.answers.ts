/** The metadata of an issuer of access tokens. */
import * as z from 'zod/mini';
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'See whose tokens these are',
  answers: {
    200: {
      description: 'The issuer, and where its keys are',
      body: z.strictObject({ issuer: z.string(), jwks_uri: z.string() }),
    },
  },
} satisfies Answers;
