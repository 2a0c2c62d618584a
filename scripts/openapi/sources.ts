/** What stands beside the routes: their answers, and the comments they begin with. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Answers } from '../../contract/answers.ts';

const suffix = '.answers.ts';

/** By the name of the function that each belongs to. */
export async function loadAnswers(folder: URL): Promise<ReadonlyMap<string, Answers>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith(suffix))
    .sort();
  const loaded = files.map(async (file) => {
    const module = (await import(new URL(file, folder).href)) as { default: Answers };
    return [file.slice(0, -suffix.length), module.default] as const;
  });
  return new Map(await Promise.all(loaded));
}

/** The first comment of a function's file as one paragraph; empty where there is none. */
export function readComment(folder: URL, name: string): string {
  const text = readFileSync(new URL(`${name}.ts`, folder), 'utf8');
  const [, comment = ''] = text.match(/^\/\*\*([\s\S]*?)\*\//) ?? [];
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .filter((line) => line !== '')
    .join(' ');
}
