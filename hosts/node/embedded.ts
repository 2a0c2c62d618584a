/**
 * What a Blockbot makes for itself under DATA_DIR where the environment gives it no database or secrets. Production
 * never gets here: its environment is refused without them.
 */
import { resolve } from 'node:path';
import type { JWK } from 'jose';
import type { Environment } from '../../lib/core/env.ts';
import { loadOwnSecrets } from './own-secrets.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './postgres/embedded-postgres.ts';
import { createKeyring, type Keyring } from '../../lib/core/keyring.ts';

export interface Embedded {
  readonly databaseUrl: string;
  readonly keyring: Keyring;
  readonly privateKeys: readonly JWK[];
  /** The database that is ours to migrate and to stop, if it is ours. */
  readonly postgres: EmbeddedPostgres | undefined;
  /** What was made, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * @param onLost called when the embedded database ends by itself
 * @throws when the data folder is in use, can't be written, or holds keys that are none; nothing runs on then
 */
export async function startEmbedded(
  environment: Environment,
  onLost: (cause: Error) => void,
): Promise<Embedded> {
  const dataDir = resolve(environment.DATA_DIR);
  const postgres =
    environment.DATABASE_URL === undefined
      ? await startEmbeddedPostgres({ dataDir, onExit: onLost })
      : undefined;
  // Behind Postgres, which one process owns at a time: two that start at once don't both make them.
  const secrets = await findSecrets(environment, dataDir).catch(async (error: unknown) => {
    await postgres?.stop();
    throw error;
  });
  return {
    databaseUrl: environment.DATABASE_URL ?? postgres?.url ?? '',
    keyring: secrets.keyring,
    privateKeys: secrets.privateKeys,
    postgres,
    notes: [
      ...(postgres
        ? [`${postgres.created ? 'made' : 'uses'} a Postgres of its own in ${dataDir}/postgres`]
        : []),
      ...(postgres?.adopted ? ['took it over from a Blockbot that was killed'] : []),
      ...secrets.made.map((path) => `made ${path}`),
    ],
  };
}

async function findSecrets({ TOKEN_SECRET, JWT_PRIVATE_KEYS }: Environment, dataDir: string) {
  const own =
    TOKEN_SECRET === undefined || JWT_PRIVATE_KEYS === undefined ? await loadOwnSecrets(dataDir) : undefined;
  return {
    keyring: createKeyring(TOKEN_SECRET ?? (own ? [own.tokenSecret] : [])),
    privateKeys: JWT_PRIVATE_KEYS ?? own?.privateKeys ?? [],
    made: own?.made ?? [],
  };
}
