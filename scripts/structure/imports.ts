/** Which file imports which, as the sources say: values and types, static and dynamic. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

export interface SourceFile {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
  /** Files of this tree, in order. */
  readonly imports: readonly Import[];
}

export interface Import {
  readonly to: string;
  readonly line: number;
}

const foreign = new Set(['node_modules', 'dist', '.data', '.git']);

/** Every TypeScript file in a folder below the root; what lies in the root itself configures tools. */
export function readSources(root: string): readonly SourceFile[] {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !foreign.has(entry.name))
    .map(({ name }) => name);
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.split(/[\\/]/).some((part) => foreign.has(part)))
      .map((path) => posix.join(folder, path.replaceAll('\\', '/'))),
  );
  return paths.sort().map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text, imports: readImports(path, text) };
  });
}

function readImports(path: string, text: string): readonly Import[] {
  return ts
    .preProcessFile(text)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName, pos }) => ({
      to: posix.join(posix.dirname(path), fileName),
      line: text.slice(0, pos).split('\n').length,
    }));
}
