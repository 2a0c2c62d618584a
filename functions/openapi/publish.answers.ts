/** The document, unless it is known already. */
import * as z from 'zod/mini';
import type { Answers } from '../../contract/answers.ts';

const caching = {
  ETag: 'Of this version of the document',
  'Cache-Control': 'How long it may be kept',
};

export default {
  summary: 'Get this document',
  answers: {
    200: {
      description: 'An OpenAPI document',
      body: z.looseObject({ openapi: z.string().check(z.regex(/^3\.1\./)), paths: z.looseObject({}) }),
      headers: caching,
    },
    304: { description: 'It is still the one of `If-None-Match`', headers: caching },
  },
  requestHeaders: { 'If-None-Match': 'The `ETag` of the document that is known already' },
} satisfies Answers;
