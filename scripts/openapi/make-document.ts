/** The document of a checkout, and the page and the types that are made of it. */
import { readFileSync } from 'node:fs';
import type { OpenApiDocument } from '../../contract/openapi.ts';
import { loadFunctions } from '../../hosts/node/functions.ts';
import { toClientTypes } from './client-types.ts';
import { createDocument } from './document.ts';
import { readExamples } from './examples.ts';
import { toPage } from './page/page.ts';
import { loadAnswers, readComment } from './sources.ts';

/** @param root the folder of the checkout */
export async function makeDocument(root: URL): Promise<OpenApiDocument> {
  const folder = new URL('functions/', root);
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };
  const { soundBodies } = (await import(new URL('contract/samples.ts', root).href)) as {
    readonly soundBodies: Readonly<Record<string, unknown>>;
  };
  // A route that nobody has recorded yet, such as one of the product, shows the body of its sample.
  const samples = Object.entries(soundBodies).map(
    ([name, sample]) => [name, { requests: { sample }, responses: {} }] as const,
  );
  return createDocument({
    functions: await loadFunctions(folder),
    answers: await loadAnswers(folder),
    examples: {
      ...Object.fromEntries(samples),
      ...readExamples(new URL('contract/examples.json', root)),
    },
    commentOf: (name) => readComment(folder, name),
    version,
  });
}

/** The text of each file that is made, by its path from the root. */
export async function toFiles(document: OpenApiDocument): Promise<Readonly<Record<string, string>>> {
  const page = JSON.stringify(await toPage(document));
  const version = String(document.info['version']);
  return {
    'openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    'client/api.ts': toClientTypes(document),
    'lib/pages/reference.ts': `/** Made by \`npm run openapi\`: the page about the API, below its heading. */
export const reference =
  ${page};
`,
    'lib/core/version.ts': `/** Made by \`npm run openapi\`: the version in \`package.json\`, which no bundle can read. */
export const version = '${version}';
`,
  };
}
