/** The files of a deployment, made whole or not at all. */
import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPrivateKey } from '../../lib/security/jwt.ts';
import type { Answers } from './questions.ts';

export class AlreadyThere extends Error {}

/**
 * `secrets/` is for its owner alone, and the files in it are readable: Compose mounts them as they are on the host, with
 * their owner and mode, and the container's user is another one.
 *
 * @returns the paths that were made
 * @throws {AlreadyThere} when one of them exists, before anything is written
 */
export async function writeFiles(folder: string, answers: Answers): Promise<readonly string[]> {
  const env = join(folder, '.env');
  const secrets = join(folder, 'secrets');
  for (const path of [env, secrets]) {
    if (await exists(path)) throw new AlreadyThere(`${path} exists already; move it away to make a new one`);
  }
  const draft = `${secrets}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  // Whatever the umask is.
  await chmod(draft, 0o700);
  const contents = await makeSecrets(answers);
  for (const [name, content] of Object.entries(contents)) {
    await writeFile(join(draft, name), content, { mode: 0o444 });
    await chmod(join(draft, name), 0o444);
  }
  await writeFile(env, toEnv(answers), { mode: 0o600, flag: 'wx' });
  await chmod(env, 0o600);
  await rename(draft, secrets);
  return [env, ...Object.keys(contents).map((name) => join(secrets, name))];
}

/** Hexadecimal, because some of them stand in URLs. */
const makeSecret = () => randomBytes(32).toString('hex');

async function makeSecrets({ mailAccount }: Answers): Promise<Readonly<Record<string, string>>> {
  const isServer = mailAccount.includes('://');
  const ownerPassword = makeSecret();
  const appPassword = makeSecret();
  const redisPassword = makeSecret();
  const redisUserPassword = makeSecret();
  return {
    // Of the superuser, which the container alone needs; the roles are in deploy/postgres/roles.sh.
    postgres_password: makeSecret(),
    database_owner_password: ownerPassword,
    database_owner_url: `postgres://blockbot_owner:${ownerPassword}@postgres:5432/blockbot`,
    database_app_password: appPassword,
    database_url: `postgres://blockbot_app:${appPassword}@postgres:5432/blockbot`,
    database_backup_password: makeSecret(),
    database_monitor_password: makeSecret(),
    // `redis_password` is the administrator's; what requests do goes through the user `blockbot`, who is none.
    redis_password: redisPassword,
    redis_user_password: redisUserPassword,
    // As the exporter of the monitoring profile reads it.
    redis_passwords: JSON.stringify({ 'redis://redis:6379': redisPassword }),
    redis_url: `redis://blockbot:${redisUserPassword}@redis:6379`,
    redis_rest_token: makeSecret(),
    token_secret: makeSecret(),
    jwt_private_keys: JSON.stringify({
      keys: [await createPrivateKey('ES256'), await createPrivateKey('ES256')],
    }),
    health_token: makeSecret(),
    // Of a server of one's own that signs people in; an empty file is an unset secret.
    backend_token: '',
    // One of the two.
    resend_api_key: isServer ? '' : mailAccount,
    smtp_url: isServer ? mailAccount : '',
    backup_passphrase: makeSecret(),
    grafana_password: makeSecret(),
  };
}

function toEnv({ domain, email, mailFrom }: Answers): string {
  return `# Made by init-env. What else can be set is in .env.example; secrets are the files of secrets/.
# So that docker compose needs no -f here.
COMPOSE_FILE=docker-compose.prod.yml
DOMAIN=${domain}
ACME_EMAIL=${email}
# production or staging: whose certificates. Browsers don't trust staging ones, and their limits are generous.
ACME_CA=staging
MAIL_FROM='${mailFrom}'
# 1 behind Traefik, 2 behind a CDN and Traefik.
TRUSTED_PROXY_HOPS=1
`;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
