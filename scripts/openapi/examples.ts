/**
 * The examples of the document: what `test/contract/examples.test.ts` has sent and was answered. Whoever writes one by hand
 * is told so by that test.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Content } from '../../contract/openapi.ts';

type Named = Readonly<Record<string, unknown>>;

/** Of one route: bodies by what they show, and answers by status and then by problem. */
export interface Examples {
  readonly requests: Named;
  readonly responses: Readonly<Record<string, Named>>;
}

export const noExamples: Examples = { requests: {}, responses: {} };

export function readExamples(file: URL): Readonly<Record<string, Examples>> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Examples>) : {};
}

/** One alone needs no name. */
export function examplesOf(examples: Named, isNamed = false): Pick<Content, 'example' | 'examples'> {
  const all = Object.entries(examples);
  const [[, only] = []] = all;
  if (all.length === 0) return {};
  if (all.length === 1 && !isNamed) return { example: only };
  return { examples: Object.fromEntries(all.map(([name, value]) => [name, { value }])) };
}
