/** What is wrong between routes and the answers that are declared beside them. */
import type { Answers } from '../../contract/answers.ts';
import type { Surface } from '../../contract/surface.ts';
import { problems } from '../../lib/core/problem.ts';

/** One line per fault, each naming the file. Pages are for people: they declare nothing. */
export function findAnswerFaults(
  surface: readonly Surface[],
  answers: ReadonlyMap<string, Partial<Answers> | undefined>,
): readonly string[] {
  const names = surface.map(({ name }) => name).filter((name) => !isPage(name));
  const missing = names
    .filter((name) => !answers.has(name))
    .map((name) => `functions/${name}.ts: says nowhere what it answers; write functions/${name}.answers.ts`);
  const declared = [...answers].flatMap(([name, own]) => {
    const file = `functions/${name}.answers.ts`;
    if (isPage(name)) return [`${file}: a page has no place in the document`];
    if (!names.includes(name)) return [`${file}: there is no functions/${name}.ts`];
    return findOwnFaults(file, own);
  });
  return [...missing, ...declared];
}

const isPage = (name: string) => name.startsWith('pages/');

function findOwnFaults(file: string, own: Partial<Answers> | undefined): readonly string[] {
  if (!own?.summary || !own.answers || Object.keys(own.answers).length === 0) {
    return [`${file}: its default export has no summary, or no answer`];
  }
  return (own.problems ?? [])
    .filter((slug) => !Object.hasOwn(problems, slug))
    .map((slug) => `${file}: lib/core/problem.ts has no problem ${slug}`);
}
