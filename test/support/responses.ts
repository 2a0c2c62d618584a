/** What tests expect of answers, with the whole answer in the message when it is another one. */
import assert from 'node:assert/strict';
import type { ProblemSlug } from '../../lib/core/problem.ts';
import { problems } from '../../lib/core/problem.ts';

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];
  readonly 'violated-policies'?: readonly string[];
  readonly request_id: string;
}

/** The body of an answer with this status. */
export async function expectJson<Body>(response: Response, status: number): Promise<Body> {
  const text = await response.text();
  assert.equal(response.status, status, describe(response, text));
  return JSON.parse(text) as Body;
}

export async function expectEmpty(response: Response, status: number): Promise<void> {
  const text = await response.text();
  assert.equal(response.status, status, describe(response, text));
  assert.equal(text, '');
}

/** The document of a problem, complete in its form (RFC 9457, section 3). */
export async function expectProblem(response: Response, slug: ProblemSlug): Promise<ProblemDocument> {
  const text = await response.text();
  const { status, title } = problems[slug];
  assert.equal(response.status, status, describe(response, text));
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const document = JSON.parse(text) as ProblemDocument;
  assert.equal(new URL(document.type, 'https://api.example.com').pathname, `/problems/${slug}`, text);
  assert.equal(document.title, title);
  assert.equal(document.status, status);
  const scheme = slug === 'client-invalid' ? /^Basic / : /^Bearer /;
  if (status === 401) assert.match(response.headers.get('www-authenticate') ?? '', scheme);
  assert.equal(document.request_id, response.headers.get('x-request-id'));
  return document;
}

function describe(response: Response, text: string): string {
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  return `answered ${response.status}\n${headers}\n\n${text}`;
}
