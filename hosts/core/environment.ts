/**
 * The environment where nothing is embedded and there is no file to read a secret from: an edge platform, or an artefact
 * by itself. It counts as production unless it says otherwise, because a platform sets no NODE_ENV.
 */
import { type Environment, parseEnvironment } from '../../lib/core/env.ts';
import { EnvironmentError, type Read, text } from '../../lib/core/variables.ts';

/** What a platform gives: environment variables, and on Workers whatever else is bound. */
export type Bindings = Readonly<Record<string, unknown>>;

/**
 * @param options.providesClientAddress whether the platform itself tells the client's address, so that no proxy is counted
 * @param options.databaseUrl what is wrong with a DATABASE_URL, where there is a database
 * @param options.required names that must be there, whatever NODE_ENV says
 * @throws {EnvironmentError} with every fault
 */
export function parseHostEnvironment(
  bindings: Bindings,
  {
    providesClientAddress,
    required,
    databaseUrl = text,
  }: {
    providesClientAddress: boolean;
    required: readonly string[];
    databaseUrl?: Read<string> | undefined;
  },
): Environment {
  const given: Record<string, string | undefined> = toTexts(bindings);
  given['NODE_ENV'] ||= 'production';
  const faults: string[] = [];
  for (const [name, advice] of unspoken) if (given[name]) faults.push(`${name}: not spoken here; ${advice}`);
  if (providesClientAddress) {
    const { TRUSTED_PROXY_HOPS: hops = '0' } = given;
    if (hops !== '0' && hops !== '')
      faults.push(
        'TRUSTED_PROXY_HOPS: not counted here; name proxies in front of the platform by TRUSTED_PROXIES',
      );
    if (!given['TRUSTED_PROXIES']) given['TRUSTED_PROXY_HOPS'] = '0';
    else delete given['TRUSTED_PROXY_HOPS'];
  }
  let environment: Environment | undefined;
  try {
    environment = parseEnvironment(given, { readFile: refuseFile, databaseUrl, required: [] });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    faults.push(...error.faults);
  }
  for (const name of required) {
    if (!given[name]) faults.push(`${name}: required here, where nothing is embedded`);
  }
  if (!environment || faults.length > 0) throw new EnvironmentError(faults);
  return environment;
}

const overRest = 'set UPSTASH_REDIS_REST_URL';

/** What no host here goes by: a Redis without REST, and a server out of several, for which postgres.js would read the environment. */
const unspoken = [
  ['REDIS_URL', overRest],
  ['REDIS_CLUSTER_URLS', overRest],
  ['PGTARGETSESSIONATTRS', 'remove it'],
] as const;

/** Bindings are more than texts on Workers; Hyperdrive is the one that says where the database is. */
function toTexts(bindings: Bindings): Record<string, string> {
  const texts = Object.entries(bindings).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value.trim()] as const] : [],
  );
  const { HYPERDRIVE } = bindings;
  const bound =
    typeof HYPERDRIVE === 'object' && HYPERDRIVE !== null && 'connectionString' in HYPERDRIVE
      ? { DATABASE_URL: String(HYPERDRIVE.connectionString) }
      : {};
  return { ...Object.fromEntries(texts), ...bound };
}

function refuseFile(): never {
  throw new Error('no files here');
}
