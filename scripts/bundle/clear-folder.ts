/** Takes away what was written for a target before. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Which project or site of the vendor's a folder is linked to: its command line writes it, and asks anew without it. */
const links = ['.vercel/project.json', '.netlify/state.json'];

/** Removes the folder, or everything in it but the links. */
export function clearFolder(folder: string): void {
  const kept = links
    .map((link) => join(folder, link))
    .filter((file) => existsSync(file))
    .map((file) => ({ file, bytes: readFileSync(file) }));
  rmSync(folder, { recursive: true, force: true });
  for (const { file, bytes } of kept) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}
