/** The problems that an operation answers with, by the shapes that it refers to. */
import type { OpenApiDocument, Operation } from '../../../contract/openapi.ts';
import { type ProblemSlug, problems } from '../../../lib/core/problem.ts';

export interface Refusal {
  readonly status: number;
  readonly slug: ProblemSlug;
}

export function listRefusals({ responses }: Operation, { components }: OpenApiDocument): readonly Refusal[] {
  const told = Object.values(responses).map((response) =>
    JSON.stringify(
      '$ref' in response
        ? components.responses[response.$ref.replace('#/components/responses/', '')]?.content
        : response.content,
    ),
  );
  const slugs = Object.keys(problems) as ProblemSlug[];
  return slugs
    .filter((slug) => told.some((text = '') => text.includes(`/schemas/${toName(slug)}"`)))
    .map((slug) => ({ status: problems[slug].status, slug }));
}

const toName = (slug: string) =>
  `${slug.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Problem`;
