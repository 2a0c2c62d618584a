/** The next text, once. */
import type { Answers } from '../../contract/answers.ts';
import { IssuedApiKey } from '../../contract/shapes/api-key.ts';

export default {
  summary: 'Rotate an API key',
  answers: { 201: { description: 'The same key, and its next text', body: IssuedApiKey } },
  problems: ['session-ended', 'not-found', 'permission-denied'],
} satisfies Answers;
