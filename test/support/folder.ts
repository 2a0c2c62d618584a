import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** That of `npm test`, which sees to it that nothing stays if it's interrupted. */
const root = process.env['TEST_FOLDER'] ?? tmpdir();

const folders: string[] = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** An empty folder, removed after all tests of the file: by then the servers in it have been stopped. */
export async function makeTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(root, 'blockbot-'));
  folders.push(folder);
  return folder;
}
