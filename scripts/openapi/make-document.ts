/** The document of a checkout. */
import { readFileSync } from 'node:fs';
import type { OpenApiDocument } from '../../contract/openapi.ts';
import { loadFunctions } from '../../hosts/node/functions.ts';
import { createDocument } from './document.ts';
import { readExamples } from './examples.ts';
import { loadAnswers, readComment } from './sources.ts';

/** @param root the folder of the checkout */
export async function makeDocument(root: URL): Promise<OpenApiDocument> {
  const folder = new URL('functions/', root);
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };
  return createDocument({
    functions: await loadFunctions(folder),
    answers: await loadAnswers(folder),
    examples: readExamples(new URL('contract/examples.json', root)),
    commentOf: (name) => readComment(folder, name),
    version,
  });
}

/** As the file has it. */
export const toFile = (document: OpenApiDocument) => `${JSON.stringify(document, null, 2)}\n`;
