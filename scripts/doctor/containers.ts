/** The running containers, as Docker itself tells: whether what the Compose file asks for is what runs. */
import { spawnSync } from 'node:child_process';
import { fail, type Finding, ok, skipped, warn } from './finding.ts';

/** What is read of `docker inspect`. */
export interface Container {
  readonly Name: string;
  readonly Config: {
    readonly User: string;
    readonly Env: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly State: {
    readonly Status: string;
    readonly OOMKilled: boolean;
    readonly Health?: {
      readonly Status: string;
      readonly Log?: readonly { readonly ExitCode: number; readonly Output: string }[] | null;
    };
  };
  /** How often Docker started it again by itself. */
  readonly RestartCount: number;
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly Privileged: boolean;
    readonly SecurityOpt: readonly string[] | null;
    readonly Memory: number;
    readonly PidsLimit: number | null;
    readonly LogConfig: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
    readonly PortBindings: Readonly<
      Record<string, readonly { HostIp: string; HostPort: string }[] | null>
    > | null;
  };
  readonly Mounts: readonly { readonly Source: string }[];
}

export function examineContainers(project: string): Finding[] {
  const name = 'containers';
  const docker = (...args: readonly string[]) => spawnSync('docker', args, { encoding: 'utf8' });
  const list = docker('ps', '--quiet', '--filter', `label=com.docker.compose.project=${project}`);
  if (list.error) return [skipped(name, 'no docker here: run this on the host too')];
  if (list.status !== 0) {
    return [
      warn(
        name,
        list.stderr.trim().split('\n')[0] ?? '',
        'Is Docker running, and may this user ask it? Try with sudo',
      ),
    ];
  }
  const ids = list.stdout.split('\n').filter(Boolean);
  if (ids.length === 0) {
    return [
      warn(name, `none runs in the project ${project}`, 'docker compose -f docker-compose.prod.yml up -d'),
    ];
  }
  const inspected = parseInspected(docker('inspect', ...ids).stdout);
  const backup = inspected.find((container) => serviceOf(container) === 'backup');
  const asked = backup && docker('exec', backup.Name.slice(1), 'sh', '/opt/backup/backup.sh', 'fresh');
  return [...judgeInspected(inspected), judgeBackups(asked && { code: asked.status, said: asked.stderr })];
}

/** @param said what `docker inspect` answers: a list of containers */
export function parseInspected(said: string): readonly Container[] {
  return JSON.parse(said) as readonly Container[];
}

export function judgeInspected(inspected: readonly Container[]): Finding[] {
  return inspected.flatMap((container) => [judgeLife(container), judgeContainer(container)]);
}

const serviceOf = ({ Config }: Pick<Container, 'Config'>) =>
  Config.Labels['com.docker.compose.service'] ?? '';

const nameOf = ({ Name }: Pick<Container, 'Name'>) => `container ${Name.replace(/^\//, '')}`;

/** @param asked what `backup.sh fresh` ended with; undefined when the service does not run */
export function judgeBackups(
  asked: { readonly code: number | null; readonly said: string } | undefined,
): Finding {
  const name = 'backups';
  if (!asked) {
    return warn(
      name,
      'the service backup does not run',
      'docker compose --profile backups up -d --wait backup, unless somebody else keeps backups of this database',
    );
  }
  if (asked.code === 0) return ok(name, 'the newest is not older than 26 hours');
  return fail(
    name,
    asked.said.trim().replace(/^backup: /, '') || 'the newest could not be asked for',
    'docker compose logs backup tells what the last night said; then backup.sh now (DEPLOYMENT.md, Backup and restore)',
  );
}

/** Whether it lives, as opposed to how it is confined. */
export function judgeLife(container: Pick<Container, 'Name' | 'State' | 'RestartCount'>): Finding {
  const { Status, OOMKilled, Health } = container.State;
  const name = nameOf(container);
  const logs = `docker logs --tail 50 ${name.replace('container ', '')}`;
  if (Status !== 'running') return fail(name, `is ${Status}`, logs);
  if (Health?.Status === 'starting') return warn(name, 'is starting', `Ask again in a minute; then ${logs}`);
  if (Health?.Status === 'unhealthy') {
    const { ExitCode, Output } = Health.Log?.at(-1) ?? { ExitCode: -1, Output: 'no check has ended yet' };
    return fail(name, `is unhealthy: its check ended with ${ExitCode} (${toLine(Output)})`, logs);
  }
  if (OOMKilled)
    return fail(name, 'ran out of memory', `Raise its memory in docker-compose.prod.yml; ${logs}`);
  if (container.RestartCount > 0) return warn(name, `was restarted ${container.RestartCount} times`, logs);
  return ok(name, 'lives');
}

const toLine = (text: string) => text.trim().replaceAll(/\s+/g, ' ').slice(0, 200);

// Their entry points start as root and become another user.
const becomesAnother = new Set(['postgres', 'backup', 'traefik', 'socket-proxy']);

export function judgeContainer(
  container: Pick<Container, 'Name' | 'Config' | 'HostConfig' | 'Mounts'>,
): Finding {
  const { Config, HostConfig, Mounts } = container;
  const service = serviceOf(container);
  const weaknesses = [
    [HostConfig.Privileged, 'is privileged'],
    [!HostConfig.ReadonlyRootfs, 'may write to its root'],
    [!HostConfig.CapDrop?.some((capability) => /^(?:CAP_)?ALL$/.test(capability)), 'keeps capabilities'],
    [
      !HostConfig.SecurityOpt?.some((option) => /^no-new-privileges(?::true)?$/.test(option)),
      'may gain privileges',
    ],
    [!HostConfig.Memory, 'has no memory limit'],
    [(HostConfig.PidsLimit ?? 0) <= 0, 'has no limit of processes'],
    [
      HostConfig.LogConfig.Type === 'json-file' && !HostConfig.LogConfig.Config['max-size'],
      'logs without end',
    ],
    [/^(?:0|root)?(?::|$)/.test(Config.User) && !becomesAnother.has(service), 'runs as root'],
    [
      service !== 'socket-proxy' && Mounts.some(({ Source }) => Source.endsWith('docker.sock')),
      "has Docker's socket, and so the host",
    ],
    [
      Config.Env?.some((entry) => /^\w*(?:PASSWORD|SECRET|TOKEN|_KEYS?)=./.test(entry)) ?? false,
      'has a secret in its environment',
    ],
    ...Object.values(HostConfig.PortBindings ?? {})
      .flatMap((bindings) => bindings ?? [])
      .map(({ HostIp, HostPort }): [boolean, string] => [
        !['80', '443'].includes(HostPort) && !['127.0.0.1', '::1'].includes(HostIp),
        `is open to the world on ${HostPort}, past any UFW rule`,
      ]),
  ] as const;
  const told = weaknesses.flatMap(([weak, words]) => (weak ? [words] : []));
  const name = nameOf(container);
  return told.length === 0
    ? ok(name, 'hardened')
    : fail(name, told.join(', '), 'Compare with docker-compose.prod.yml, then docker compose up -d');
}
