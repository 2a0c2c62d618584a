import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** For what a bench builds and configures; it goes when the process ends. */
export function makeScratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'blockbot-bench-'));
  folders.push(folder);
  return folder;
}
