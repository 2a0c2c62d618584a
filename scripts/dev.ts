/** The router from its sources, started again at each change, with the services of docker-compose.yml that are up. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { readCommandLine } from '../lib/core/command-line.ts';

const usage = `Usage: npm run dev

Starts the router from its sources, and again whenever one changes. It uses what \`docker compose up -d --wait\` has
started: Postgres, which it migrates first, and Redis through redis-rest. What is not up, or is named by the environment
(DATABASE_URL, REDIS_URL, REDIS_CLUSTER_URLS, UPSTASH_REDIS_REST_URL), is left as the environment has it: without a database,
an embedded one.

Exit codes: that of the router, or of the migration that failed; 2 wrong usage.
`;

interface Service {
  readonly name: string;
  readonly port: number;
  /** If one of these is set, the environment knows better. */
  readonly unless: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** As docker-compose.yml publishes them, with the passwords that it has. */
const services: readonly Service[] = [
  {
    name: 'Postgres',
    port: 15_432,
    unless: ['DATABASE_URL', 'DATABASE_URL_FILE'],
    env: { DATABASE_URL: 'postgres://blockbot:blockbot@127.0.0.1:15432/blockbot' },
  },
  {
    name: 'redis-rest',
    port: 18_080,
    unless: [
      'REDIS_URL',
      'REDIS_URL_FILE',
      'REDIS_CLUSTER_URLS',
      'REDIS_CLUSTER_URLS_FILE',
      'UPSTASH_REDIS_REST_URL',
    ],
    env: {
      UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:18080',
      UPSTASH_REDIS_REST_TOKEN: 'blockbot-development',
    },
  },
];

async function main(): Promise<number> {
  readCommandLine(usage, { options: {} });
  const env = { ...process.env };
  for (const service of services) {
    if (service.unless.some((name) => process.env[name])) continue;
    if (await isListening(service.port)) {
      console.log(`uses ${service.name} of docker-compose.yml (127.0.0.1:${service.port})`);
      Object.assign(env, service.env);
    } else {
      console.log(`${service.name} of docker-compose.yml is not up`);
    }
  }
  if (env.DATABASE_URL !== process.env['DATABASE_URL']) {
    const code = await run(['scripts/migrate.ts'], env);
    if (code !== 0) return code;
  }
  return run(['watch', '--clear-screen=false', 'hosts/node/main.ts'], env);
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, ['node_modules/tsx/dist/cli.mjs', ...args], {
    stdio: 'inherit',
    env,
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 0;
}

process.exitCode = await main();
