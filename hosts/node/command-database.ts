/** The database of a command: the one that the environment names, or where that may be the embedded one. */
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { mode, parseVariables, type Variables } from '../../lib/core/variables.ts';
import { openEmbeddedPostgres } from './postgres/embedded-postgres.ts';

const Environment = z.object({
  NODE_ENV: mode,
  DATABASE_URL: z.optional(z.string()),
  DATA_DIR: z._default(z.string(), '.data'),
});

export interface CommandDatabase {
  readonly url: string;
  readonly production: boolean;
  readonly close: () => Promise<void>;
}

/**
 * @param variables NODE_ENV, DATABASE_URL or DATABASE_URL_FILE, DATA_DIR
 * @throws {EnvironmentError} in production without a database, for nothing is embedded there
 */
export async function openCommandDatabase(variables: NodeJS.ProcessEnv): Promise<CommandDatabase> {
  const {
    DATABASE_URL: url,
    DATA_DIR: dataDir,
    NODE_ENV,
  } = parseVariables(Environment, variables, {
    secretNames: ['DATABASE_URL'],
    readFile: (path) => readFileSync(path, 'utf8'),
    contradictions: findContradictions,
  });
  const production = NODE_ENV === 'production';
  if (url !== undefined) return { url, production, close: () => Promise.resolve() };
  return { ...(await openEmbeddedPostgres({ dataDir })), production };
}

function* findContradictions(given: Variables): Generator<string> {
  const isGiven = (given['DATABASE_URL'] ?? given['DATABASE_URL_FILE']) !== undefined;
  if (given['NODE_ENV'] === 'production' && !isGiven) {
    yield 'DATABASE_URL: required in production, where nothing is embedded';
  }
}
