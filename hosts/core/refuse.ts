/** The answer of a host itself, where no function can give one. */
import { type Problem, toProblemDocument } from '../../lib/core/problem.ts';
import { createUuid } from '../../lib/core/uuid.ts';

export function refuse(problem: Problem, base = '', requestId = createUuid()): Response {
  const document = toProblemDocument(problem, { base, requestId });
  return Response.json(document, {
    status: document.status,
    headers: {
      ...problem.headers,
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      'X-Request-Id': requestId,
    },
  });
}
