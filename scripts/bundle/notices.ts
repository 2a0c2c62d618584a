/** What the licences of bundled packages ask for: their notices go with every copy of their code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

export const noticesFile = 'THIRD-PARTY.txt';

const Package = z.object({
  name: z.string(),
  version: z.string(),
  license: z.optional(z.string()),
  author: z.optional(z.union([z.string(), z.object({ name: z.string() })])),
});

/**
 * @param inputs what was bundled, as paths; those of packages count
 * @returns a text with a part for each package, by name
 */
export function toNotices(inputs: Iterable<string>): string {
  const folders = new Set([...inputs].flatMap((input) => toFolder(input) ?? []));
  const parts = [...folders].toSorted().map(toNotice);
  const rule = `\n${'-'.repeat(80)}\n\n`;
  return ['This holds code of the packages below, under their licences.\n', ...parts].join(rule);
}

/** The folder of the innermost package that holds a file. */
function toFolder(input: string): string | undefined {
  return input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/)?.[0];
}

function toNotice(folder: string): string {
  const { name, version, license, author } = Package.parse(
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
  );
  const by = typeof author === 'string' ? author : author?.name;
  const title = [`${name} ${version}`, license, by].filter((each) => each !== undefined).join(', ');
  const texts = readdirSync(folder)
    .filter((file) => /^(?:un)?licen[cs]e|^notice/i.test(file))
    .toSorted()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return `${[title, ...texts].join('\n\n')}\n`;
}
