/** The key, once. */
import type { Answers } from '../../contract/answers.ts';
import { IssuedApiKey } from '../../contract/shapes/api-key.ts';

export default {
  summary: 'Make an API key',
  answers: { 201: { description: 'The key and its text', body: IssuedApiKey } },
  problems: ['session-ended', 'not-found', 'permission-denied', 'too-many-api-keys'],
} satisfies Answers;
