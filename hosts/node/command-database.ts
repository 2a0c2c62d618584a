/** The database of a command: the one that the environment names, or where that may be the embedded one. */
import { readFileSync } from 'node:fs';
import { openConnection } from '../../db/connection.ts';
import { withDeadline } from '../../db/deadline.ts';
import { connectTimeoutMs } from '../../db/migrate.ts';
import { toHung } from '../../db/outage.ts';
import {
  mode,
  optional,
  parseVariables,
  text,
  type Variables,
  withDefault,
} from '../../lib/core/variables.ts';
import { toErrorMessage } from '../../lib/core/error-message.ts';
import { openEmbeddedPostgres } from './postgres/embedded-postgres.ts';

const environmentVariables = {
  NODE_ENV: mode,
  DATABASE_URL: optional(text),
  DATA_DIR: withDefault(text, '.data'),
};

export interface CommandDatabase {
  readonly url: string;
  readonly production: boolean;
  readonly close: () => Promise<void>;
}

/**
 * @param variables NODE_ENV, DATABASE_URL or DATABASE_URL_FILE, DATA_DIR
 * @throws {EnvironmentError} in production without a database, for nothing is embedded there
 * @throws {Error} when it can't be reached, after the name of the variable that says where it is, or that it is the embedded one
 */
export async function openCommandDatabase(variables: NodeJS.ProcessEnv): Promise<CommandDatabase> {
  const {
    DATABASE_URL: url,
    DATA_DIR: dataDir,
    NODE_ENV,
  } = parseVariables(environmentVariables, variables, {
    secretNames: ['DATABASE_URL'],
    readFile: (path) => readFileSync(path, 'utf8'),
    contradictions: findContradictions,
  });
  const production = NODE_ENV === 'production';
  if (url === undefined) {
    const name = `the embedded Postgres under ${dataDir} (DATABASE_URL is not set)`;
    return { ...(await named(name, openEmbeddedPostgres({ dataDir }))), production };
  }
  await named(variables['DATABASE_URL']?.trim() ? 'DATABASE_URL' : 'DATABASE_URL_FILE', reach(url));
  return { url, production, close: () => Promise.resolve() };
}

async function named<Result>(name: string, attempt: Promise<Result>): Promise<Result> {
  try {
    return await attempt;
  } catch (error) {
    throw new Error(`${name}: ${toErrorMessage(error)}`, { cause: error });
  }
}

async function reach(url: string): Promise<void> {
  const { open, close, destroy } = openConnection(url);
  try {
    await withDeadline(connectTimeoutMs, open(), toHung);
    await close();
  } finally {
    destroy();
  }
}

function* findContradictions(given: Variables): Generator<string> {
  const isGiven = (given['DATABASE_URL'] ?? given['DATABASE_URL_FILE']) !== undefined;
  if (given['NODE_ENV'] === 'production' && !isGiven) {
    yield 'DATABASE_URL: required in production, where nothing is embedded';
  }
}
